import { Injectable } from '@nestjs/common';
import type { Work } from '../../platform/database/unit-of-work.js';
import { type RoomEntity, RoomLog } from '../../rooms/index.js';
import type { RepositoryConnectionEntity } from '../connections/repository-connection.entity.js';
import type { GitFact } from '../domain/git-fact.js';
import { namedTasks } from '../domain/named-tasks.js';
import { presentPush } from '../domain/push-view.js';
import { AccountDirectory } from './account-directory.service.js';
import { IssueRecorder } from './issue-recorder.service.js';
import { PullRequestRecorder } from './pull-request-recorder.service.js';
import { PullRequestSurvey, type Survey } from './pull-request-survey.service.js';

/** Makes room activity of what providers say happened. */
@Injectable()
export class GitActivity {
  constructor(
    private readonly accounts: AccountDirectory,
    private readonly surveys: PullRequestSurvey,
    private readonly pullRequests: PullRequestRecorder,
    private readonly issues: IssueRecorder,
    private readonly log: RoomLog,
  ) {}

  /**
   * Waits until nobody else works on the room's git activity, until the transaction ends. Apart from the room's own lock,
   * which would keep its chat waiting while git is asked; what git says stays in order all the same.
   */
  async takeTurn({ manager }: Work, roomId: string): Promise<void> {
    await manager.query(`SELECT pg_advisory_xact_lock(hashtextextended('git-activity:' || $1, 0))`, [roomId]);
  }

  /** Asks git what `apply` will need; to be done in one's turn, before the room is held. */
  survey(work: Work, connection: RepositoryConnectionEntity, facts: readonly GitFact[]): Promise<Survey> {
    return this.surveys.of(work, connection, facts);
  }

  /** Whether anything happened in the room, which is held. */
  async apply(
    work: Work,
    room: RoomEntity,
    connection: RepositoryConnectionEntity,
    facts: readonly GitFact[],
    survey: Survey,
  ): Promise<boolean> {
    let isNews = false;
    for (const fact of facts) {
      if (fact.kind === 'push') {
        const { actor } = await this.accounts.identify(work.manager, connection.provider, fact.sender);
        const push = presentPush(fact);
        await this.log.append(work, room, { type: 'git.commit', actor, data: { push } });
        const { branch, after: head, forced } = fact;
        const { filesChanged: paths } = push;
        const data = { roomId: room.id, branch, head, forced, pusher: actor, namedTaskIds: namedTasks(fact), paths };
        work.announce({ name: 'git.pushed', data });
        isNews = true;
      } else if (fact.kind === 'issue') {
        isNews = (await this.issues.record(work, room, connection, fact)) || isNews;
      } else {
        isNews =
          (await this.pullRequests.record(work, room, connection, fact, {
            detail: survey.concerned.get(fact.number),
            isMergedByUs: survey.mergedByUs.has(fact.number),
          })) || isNews;
      }
    }
    for (const [number, detail] of survey.affected) {
      isNews = (await this.pullRequests.reconsider(work, room, connection, number, detail)) || isNews;
    }
    return isNews;
  }
}
