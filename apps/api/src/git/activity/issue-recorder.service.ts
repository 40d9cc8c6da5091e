import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Ability, Issue } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import type { Work } from '../../platform/database/unit-of-work.js';
import { RoomAccess, type RoomEntity, RoomLog } from '../../rooms/index.js';
import type { RepositoryConnectionEntity } from '../connections/repository-connection.entity.js';
import { cut } from '../domain/cut.js';
import type { IssueFact } from '../domain/git-fact.js';
import { issueRequestOf } from '../domain/issue-request.js';
import { AccountDirectory, type Identified } from './account-directory.service.js';
import { presentIssue, presentTakenIssue } from './issue.presenter.js';
import { IssueEntity } from './issue.entity.js';

const MAX_TITLE = 300;
const MAX_BODY = 10_000;
const MAX_LABELS = 50;
const MAX_LABEL = 100;

/**
 * Keeps the room's view of its repository's issues. Anybody may write one, so an issue alone makes no work: it does when somebody
 * asks for it whose account at the provider is linked to a member of the room that may make tasks.
 */
@Injectable()
export class IssueRecorder {
  constructor(
    private readonly accounts: AccountDirectory,
    private readonly rooms: RoomAccess,
    private readonly log: RoomLog,
  ) {}

  /** Whether the fact changed anything. One that is known, or older than what is known, does not. */
  async record(
    work: Work,
    room: RoomEntity,
    { provider, repoId }: RepositoryConnectionEntity,
    fact: IssueFact,
  ): Promise<boolean> {
    if (provider === 'clawtank') {
      return false;
    }
    const known = await work.manager.findOneBy(IssueEntity, { roomId: room.id, provider, repoId, number: fact.number });
    const sender = await this.accounts.identify(work.manager, provider, fact.sender);
    const isStale = known !== null && isOlder(fact, known);
    const { actor: author } = await this.accounts.identify(work.manager, provider, fact.author);
    const issue = isStale
      ? known
      : work.manager.create(IssueEntity, {
          id: known?.id ?? randomUUID(),
          roomId: room.id,
          provider,
          repoId,
          number: fact.number,
          state: STATE_AFTER[fact.what],
          ...wordsOf(fact),
          author,
          url: fact.url,
          createdAt: new Date(fact.createdAt),
          updatedAt: new Date(fact.updatedAt),
        });
    const isNews = !isStale && !(known && isDeepStrictEqual(contentOf(issue), contentOf(known)));
    if (isNews) {
      await work.manager.save(issue);
      await this.tell(work, room, known?.state ?? null, issue, fact, sender);
    }
    return (await this.pass(work, room, issue, fact, sender)) || isNews;
  }

  private async tell(
    work: Work,
    room: RoomEntity,
    before: Issue['state'] | null,
    issue: IssueEntity,
    fact: IssueFact,
    sender: Identified,
  ): Promise<void> {
    const [wasOpen, isOpen] = [before === 'open', issue.state === 'open'];
    const type = isOpen ? (wasOpen ? 'git.issue_updated' : 'git.issue_opened') : 'git.issue_closed';
    await this.log.append(work, room, { type, actor: sender.actor, data: { issue: presentIssue(issue) } });
    if (!isOpen) {
      const { id: issueId, number, state } = issue;
      const isGone = state === 'gone';
      const decides = !isGone && (await this.may(work, room, sender, 'merge'));
      const verdict = decides ? (fact.isNotPlanned ? 'not_planned' : 'done') : null;
      work.announce({ name: 'git.issue_closed', data: { roomId: room.id, issueId, number, isGone, verdict } });
    } else if (before === 'closed') {
      work.announce({ name: 'git.issue_reopened', data: { roomId: room.id, issueId: issue.id } });
    }
  }

  /** Passes on what the sender asks for, if it is theirs to ask. Whether it was. */
  private async pass(
    work: Work,
    room: RoomEntity,
    issue: IssueEntity,
    fact: IssueFact,
    sender: Identified,
  ): Promise<boolean> {
    const request = issueRequestOf(fact);
    if (!request || issue.state !== 'open' || !(await this.may(work, room, sender, 'create_task'))) {
      return false;
    }
    work.announce({
      name: 'git.issue_taken',
      data: {
        roomId: room.id,
        issue: presentTakenIssue(issue),
        by: sender.actor,
        agentId: null,
        agentName: request.agentName,
        mayRepeat: false,
        at: work.now.toISOString(),
      },
    });
    return true;
  }

  /** Whether the account is a member's who may do this in the room. */
  private async may(
    { manager }: Work,
    room: RoomEntity,
    { actor, userId }: Identified,
    ability: Ability,
  ): Promise<boolean> {
    const isPerson = actor.type === 'human' && userId !== null;
    const standing = isPerson ? (await this.rooms.standingOf(room.id, [userId], manager)).get(userId) : undefined;
    return standing?.abilities.includes(ability) ?? false;
  }
}

const STATE_AFTER = { opened: 'open', updated: 'open', closed: 'closed', gone: 'gone' } as const;

/** Deliveries come in any order. What is newest by the provider's clock holds; of the same moment, what is not open any more. */
function isOlder({ what, updatedAt }: IssueFact, known: IssueEntity): boolean {
  const age = Date.parse(updatedAt) - known.updatedAt.getTime();
  return age < 0 || (age === 0 && known.state !== 'open' && STATE_AFTER[what] === 'open') || known.state === 'gone';
}

/** What is deleted at the provider, or no longer of this repository, leaves no words here. */
function wordsOf({ what, title, body, labels }: IssueFact): Pick<IssueEntity, 'title' | 'body' | 'labels'> {
  return what === 'gone'
    ? { title: '', body: '', labels: [] }
    : {
        title: cut(title, MAX_TITLE),
        body: cut(body, MAX_BODY),
        labels: labels.slice(0, MAX_LABELS).map((label) => cut(label, MAX_LABEL)),
      };
}

const contentOf = (issue: IssueEntity): object => ({ ...presentIssue(issue), body: issue.body });
