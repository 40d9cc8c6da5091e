import { asksForWork, FINISHED_TASK_STATES, type Task, titleOf } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import type { DomainEventMap } from '../events/domain-events.js';
import { SYSTEM } from '../platform/caller.js';
import { UnitOfWork, type Work } from '../platform/database/unit-of-work.js';
import { readMembers, RoomAccess, type RoomEntity, RoomLog } from '../rooms/index.js';
import { AssignmentDesk } from './assignment-desk.js';
import { descriptionOf } from './domain/issue-task.js';
import { TaskEntity } from './task.entity.js';
import { presentTask } from './task.presenter.js';
import { TaskLife } from './task-life.js';
import { TaskStore } from './task-store.js';

const HANDED_IN: readonly Task['state'][] = ['in_review', 'approved'];

/** What follows for tasks from what is said in the room, and from what happens to its repository. Each of these may come twice. */
@Injectable()
export class TaskFollower {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly rooms: RoomAccess,
    private readonly log: RoomLog,
    private readonly tasks: TaskStore,
    private readonly life: TaskLife,
    private readonly desk: AssignmentDesk,
  ) {}

  /** Makes a task for each agent that a message asks for work. A second call for the same message makes none. */
  async createFromMention(roomId: string, seq: number, agentIds: readonly string[]): Promise<void> {
    await this.unitOfWork.run(async (work) => {
      const [room] = await this.rooms.holdAll(work, [roomId]);
      const [message] = room ? await this.log.messagesUpTo(roomId, seq, 1, work.manager) : [];
      if (!room || room.archivedAt || message?.seq !== seq || !asksForWork(message.message)) {
        return;
      }
      const agents = (await readMembers(work.manager, roomId)).filter(
        ({ id, type }) => type === 'agent' && agentIds.includes(id),
      );
      for (const agent of agents) {
        if (!(await work.manager.existsBy(TaskEntity, { sourceMessageId: message.id, assignedToId: agent.id }))) {
          await this.life.make(work, room, {
            createdBy: message.author,
            title: titleOf(message.message),
            description: message.message,
            assignedTo: agent,
            priority: 'medium',
            deadline: null,
            parentId: null,
            dependsOn: [],
            paths: [],
            upToSeq: seq,
            source: message,
          });
        }
      }
    });
  }

  /**
   * Takes what a deleted message said out of the tasks that copied it: out of the context of those made while it was recent, and
   * out of the title and description of those it asked for. What agents were sent before cannot be called back.
   */
  async forgetMessage(roomId: string, messageId: string): Promise<void> {
    await this.unitOfWork.run(async (work) => {
      const [room] = await this.rooms.holdAll(work, [roomId]);
      if (!room) {
        return;
      }
      await this.tasks.dropFromContexts(work, roomId, messageId);
      for (const task of await work.manager.findBy(TaskEntity, { roomId, sourceMessageId: messageId })) {
        if (task.description === '') {
          continue; // heard before
        }
        task.title = `Task ${task.number}`;
        task.description = '';
        await this.tasks.save(work, task);
        await this.log.redactTask(work, room, task.id, task.title);
        await this.log.append(work, room, { type: 'task.redacted', actor: SYSTEM, data: { task: presentTask(task) } });
      }
    });
  }

  /** Makes a task of an issue that a member asked for, unless one is on its way. Another call for the same request makes none. */
  async createFromIssue(request: DomainEventMap['git.issue_taken']): Promise<void> {
    const { roomId, issue, by, agentId, agentName, mayRepeat, at } = request;
    await this.unitOfWork.run(async (work) => {
      const [room] = await this.rooms.holdAll(work, [roomId]);
      const made = await work.manager.findBy(TaskEntity, { roomId, issueId: issue.id });
      const isMade = made.some(
        ({ state, createdAt }) => !mayRepeat || !FINISHED_TASK_STATES.includes(state) || createdAt >= new Date(at),
      );
      if (!room || room.archivedAt || isMade) {
        return;
      }
      const agents = (await readMembers(work.manager, roomId)).filter(({ type }) => type === 'agent');
      const called = agentName?.toLowerCase();
      const agent = agents.find(({ id, name }) => id === agentId || name.toLowerCase() === called) ?? null;
      if (agentName !== null && !agent) {
        return; // nobody here is called so
      }
      await this.life.make(work, room, {
        createdBy: by,
        title: `Issue #${issue.number}`,
        description: descriptionOf(issue),
        assignedTo: agent,
        priority: 'medium',
        deadline: null,
        parentId: null,
        dependsOn: [],
        paths: [],
        upToSeq: room.lastSeq,
        source: null,
        issue,
      });
    });
  }

  /**
   * An issue was closed at its provider. What nobody works on is called off. What was handed in for it is done or called off if who
   * closed the issue may say so; else it is left to its reviewers. Whoever is working goes on, and is told.
   * Of one that is gone, its words go from the tasks.
   */
  async followIssue({ roomId, issueId, number, isGone, verdict }: DomainEventMap['git.issue_closed']): Promise<void> {
    await this.unitOfWork.run(async (work) => {
      const [room] = await this.rooms.holdAll(work, [roomId]);
      if (room && isGone) {
        await this.tasks.forgetIssue(work, roomId, issueId);
      }
      for (const task of room ? await work.manager.findBy(TaskEntity, { roomId, issueId }) : []) {
        const isHandedIn = HANDED_IN.includes(task.state);
        if (isHandedIn && verdict === 'done') {
          await this.life.end(work, room!, task, 'done', SYSTEM, null);
        } else if (
          isHandedIn ? verdict === 'not_planned' : !task.leaseId && !FINISHED_TASK_STATES.includes(task.state)
        ) {
          await this.life.end(work, room!, task, 'cancelled', SYSTEM, `Issue #${number} was closed`);
        } else {
          await this.tellOfIssue(work, room!, task, isGone ? 'gone' : 'closed');
        }
      }
    });
  }

  /** An issue is open again: whoever works on it, or looks after the work, is told. */
  async followReopenedIssue(roomId: string, issueId: string): Promise<void> {
    await this.unitOfWork.run(async (work) => {
      const [room] = await this.rooms.holdAll(work, [roomId]);
      for (const task of room ? await work.manager.findBy(TaskEntity, { roomId, issueId }) : []) {
        await this.tellOfIssue(work, room!, task, 'open');
      }
    });
  }

  /** Notes on an unfinished task how its issue stands, and tells those whom the task concerns; once. */
  private async tellOfIssue(
    work: Work,
    room: RoomEntity,
    task: TaskEntity,
    state: NonNullable<Task['issue']>['state'],
  ): Promise<void> {
    if (!task.issue || (task.issue.state ?? 'open') === state || FINISHED_TASK_STATES.includes(task.state)) {
      return;
    }
    task.issue = { ...task.issue, state };
    await this.tasks.save(work, task);
    const data = { task: presentTask(task), issue: state };
    await this.log.append(work, room, { type: 'task.updated', actor: SYSTEM, data, isPrivate: task.isMembersOnly });
  }

  /**
   * The pull request of a task was opened, merged or closed. Providers know nothing of our tasks: one that was handed in there goes by
   * its commit.
   */
  async followPullRequest(
    roomId: string,
    which: string | { readonly submittedSha: string; readonly branch?: string },
    pullRequest: number,
    what: 'opened' | 'merged' | 'closed',
  ): Promise<void> {
    await this.unitOfWork.run(async (work) => {
      const [room] = await this.rooms.holdAll(work, [roomId]);
      const task = await (typeof which === 'string'
        ? work.manager.findOneBy(TaskEntity, { id: which, roomId })
        : work.manager.findOneBy(TaskEntity, { ...which, roomId, state: In(HANDED_IN) }));
      if (!room || !task || FINISHED_TASK_STATES.includes(task.state)) {
        return;
      }
      if (what === 'merged') {
        task.pullRequest = pullRequest;
        await this.life.end(work, room, task, 'done', SYSTEM, null);
      } else if (what === 'closed' && task.pullRequest === pullRequest) {
        await this.life.end(
          work,
          room,
          task,
          'cancelled',
          SYSTEM,
          `Pull request #${pullRequest} was closed without merging`,
        );
      } else if (what === 'opened' && task.pullRequest !== pullRequest) {
        task.pullRequest = pullRequest;
        await this.tasks.save(work, task);
        const presented = presentTask(task);
        const type = task.state === 'in_review' ? 'task.submitted' : 'task.progressed';
        await this.log.append(work, room, {
          type,
          actor: presented.assignedTo ?? SYSTEM,
          data: { task: presented },
        });
      }
    });
  }

  /** Tells an agent that may go on, or all of the room, what waits for them there. */
  async offerAgain(roomId: string, agentId: string | null): Promise<void> {
    await this.unitOfWork.run(async (work) => {
      const [room] = await this.rooms.holdAll(work, [roomId]);
      const agents = room ? await readMembers(work.manager, roomId, agentId ?? undefined) : [];
      for (const { id } of agents.filter(({ type }) => type === 'agent')) {
        await this.desk.offerWaiting(work, room!, id);
      }
    });
  }

  /** Offers what waited until an agent may take tasks again: an hour passes without anybody's doing. */
  async offerWaiting(): Promise<void> {
    for (const { roomId, agentId } of await this.tasks.unoffered()) {
      await this.offerAgain(roomId, agentId);
    }
  }
}
