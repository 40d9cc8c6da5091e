import type { Issue, TakeIssue } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { actorOf, type Caller, type HumanCaller } from '../../platform/caller.js';
import { UnitOfWork, type Work } from '../../platform/database/unit-of-work.js';
import { notFound, Refusal } from '../../platform/errors/refusal.js';
import { RoomAccess } from '../../rooms/index.js';
import { presentIssue, presentTakenIssue } from './issue.presenter.js';
import { IssueEntity } from './issue.entity.js';

const MAX_LISTED = 100;

/** The open issues of the repository that a room works on, as its members see and take them. */
@Injectable()
export class RoomIssues {
  constructor(
    private readonly dataSource: DataSource,
    private readonly unitOfWork: UnitOfWork,
    private readonly rooms: RoomAccess,
  ) {}

  /** The newest open ones first. */
  async list(caller: Caller, roomId: string): Promise<Issue[]> {
    const { room } = await this.rooms.look(caller, roomId, 'read');
    const { provider, repoId } = room.repository ?? {};
    if (provider !== 'github' && provider !== 'gitlab') {
      return [];
    }
    const issues = await this.dataSource.manager.find(IssueEntity, {
      where: { roomId, provider, repoId: repoId!, state: 'open' },
      order: { number: 'DESC' },
      take: MAX_LISTED,
    });
    return issues.map(presentIssue);
  }

  /** Has a task made of an issue, which the room's tasks do a moment later. */
  take(caller: HumanCaller, request: TakeIssue): Promise<Issue> {
    const { roomId, issueId, agentId = null, commandId } = request;
    const take = async (work: Work) => {
      const { room } = await this.rooms.enter(work, caller, roomId, 'create_task');
      const issue = await work.manager.findOneBy(IssueEntity, { id: issueId, roomId });
      if (!issue) {
        throw notFound('issue in this room');
      }
      if (issue.state !== 'open') {
        throw new Refusal('issue_not_open', `Issue #${issue.number} is ${issue.state}`);
      }
      const standing =
        agentId === null ? null : (await this.rooms.standingOf(room.id, [agentId], work.manager)).get(agentId);
      if (agentId !== null && !standing) {
        throw notFound('agent in this room');
      }
      work.announce({
        name: 'git.issue_taken',
        data: {
          roomId,
          issue: presentTakenIssue(issue),
          by: actorOf(caller),
          agentId,
          agentName: null,
          mayRepeat: true,
          at: work.now.toISOString(),
        },
      });
      return presentIssue(issue);
    };
    return this.unitOfWork.runOnce({ actorId: caller.id, commandId, name: 'take_issue', request }, take);
  }
}
