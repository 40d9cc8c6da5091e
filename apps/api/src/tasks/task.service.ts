import { randomUUID } from 'node:crypto';
import {
  type Actor,
  asksForWork,
  type CancelTask,
  type ChatMessage,
  type CreateTask,
  FINISHED_TASK_STATES,
  type Task,
  type TaskDetail,
  titleOf,
  type UpdateTask,
} from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { In, Not } from 'typeorm';
import type { DomainEventMap } from '../events/domain-events.js';
import type { TakenIssue } from '../events/git.events.js';
import { actorOf, type Caller, type HumanCaller, SYSTEM } from '../platform/caller.js';
import { UnitOfWork, type Work } from '../platform/database/unit-of-work.js';
import { notFound, Refusal } from '../platform/errors/refusal.js';
import { readMembers, RoomAccess, type RoomEntity, RoomLog } from '../rooms/index.js';
import { advance } from './advance.js';
import { ApprovalStore } from './approvals/approval-store.js';
import { AssignmentDesk } from './assignment-desk.js';
import { makesCircle } from './domain/dependencies.js';
import { descriptionOf, linkOf, wordsOf } from './domain/issue-task.js';
import { PathKeeper } from './paths/path-keeper.js';
import { PathStore } from './paths/path-store.js';
import { type CopiedMessage, TaskEntity } from './task.entity.js';
import { presentContext, presentTask } from './task.presenter.js';
import { TaskStore } from './task-store.js';

const CONTEXT_MESSAGES = 20;
const HANDED_IN: readonly Task['state'][] = ['in_review', 'approved'];

interface NewTask {
  readonly createdBy: Actor;
  readonly title: string;
  readonly description: string;
  readonly assignedTo: { id: string; name: string } | null;
  readonly priority: Task['priority'];
  readonly deadline: Date | null;
  readonly parentId: string | null;
  readonly dependsOn: readonly string[];
  readonly paths: readonly string[];
  readonly upToSeq: number;
  /** The message that asked for it. */
  readonly source: ChatMessage | null;
  /** The issue that it is made from, whose words go with it as a stranger's. */
  readonly issue?: TakenIssue;
}

/** Work that people want done: making it, giving it to an agent, calling it off. */
@Injectable()
export class TaskService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly rooms: RoomAccess,
    private readonly log: RoomLog,
    private readonly tasks: TaskStore,
    private readonly desk: AssignmentDesk,
    private readonly approvals: ApprovalStore,
    private readonly paths: PathKeeper,
    private readonly pathStore: PathStore,
  ) {}

  create(caller: HumanCaller, request: CreateTask): Promise<Task> {
    const key = { actorId: caller.id, commandId: request.commandId, name: 'create_task', request };
    const create = async (work: Work) => {
      const { room } = await this.rooms.enter(work, caller, request.roomId, 'create_task');
      const source = await this.standingMessage(work, room, request.sourceMessageId);
      const made = source && (await this.tasks.madeFrom(work, source.id));
      if (made) {
        return presentTask(made);
      }
      return this.make(work, room, {
        createdBy: actorOf(caller),
        title: request.title ?? titleOf(request.description),
        description: request.description,
        assignedTo: request.agentId === undefined ? null : await this.seatedAgent(work, room, request.agentId),
        priority: request.priority,
        deadline: request.deadline ? new Date(request.deadline) : null,
        ...(await this.relations(work, room, null, request)),
        paths: request.paths,
        upToSeq: source?.seq ?? room.lastSeq,
        source,
      });
    };
    return this.unitOfWork.runOnce(key, create, this.tasks.kept);
  }

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
          await this.make(work, room, {
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

  /** Changes what is named. Whoever works on the task goes on; whom it is given to changes only while nobody holds it. */
  update(caller: HumanCaller, request: UpdateTask): Promise<Task> {
    const { roomId, taskId, commandId, agentId } = request;
    const update = async (work: Work) => {
      const { room } = await this.rooms.enter(work, caller, roomId, 'create_task');
      const task = await this.tasks.get(roomId, taskId, work.manager);
      if (FINISHED_TASK_STATES.includes(task.state)) {
        throw new Refusal('task_not_open', `Task ${task.number} is ${task.state} already`);
      }
      const isGivenAnew = agentId !== undefined && agentId !== task.assignedToId;
      const isWorded = request.title !== undefined || request.description !== undefined;
      if (task.leaseId && (isGivenAnew || isWorded)) {
        throw new Refusal('task_not_open', `${task.leaseHolderName ?? 'Somebody'} is working on task ${task.number}`);
      }
      const agent = agentId ? await this.seatedAgent(work, room, agentId) : null;
      if (isGivenAnew && agent) {
        await this.requireNotAsked(work, task, agent);
      }
      const { parentId = task.parentId, dependsOn = task.dependsOn } = request;
      Object.assign(task, {
        title: request.title ?? task.title,
        description: request.description ?? task.description,
        priority: request.priority ?? task.priority,
        ...(request.deadline !== undefined && { deadline: request.deadline && new Date(request.deadline) }),
        ...(await this.relations(work, room, task.id, { parentId, dependsOn })),
        ...(isGivenAnew && {
          assignedToId: agent?.id ?? null,
          assignedToName: agent?.name ?? null,
          receipt: null,
          waitsUntil: null,
        }),
      });
      await this.tasks.save(work, task);
      const data = { task: presentTask(task) };
      await this.log.append(work, room, { type: 'task.updated', actor: actorOf(caller), data });
      if (request.paths) {
        await this.paths.claim(work, room, task, actorOf(caller), request.paths);
      }
      await this.desk.offer(work, room, task);
      return presentTask(task);
    };
    return this.unitOfWork.runOnce(
      { actorId: caller.id, commandId, name: 'update_task', request },
      update,
      this.tasks.kept,
    );
  }

  cancel(caller: HumanCaller, { roomId, taskId, commandId }: CancelTask): Promise<Task> {
    const key = { actorId: caller.id, commandId, name: 'cancel_task', request: { roomId, taskId } };
    const cancel = async (work: Work) => {
      const { room } = await this.rooms.enter(work, caller, roomId, 'create_task');
      const task = await this.tasks.get(roomId, taskId, work.manager);
      if (FINISHED_TASK_STATES.includes(task.state)) {
        throw new Refusal('task_not_open', `Task ${task.number} is ${task.state} already`);
      }
      return this.end(work, room, task, 'cancelled', actorOf(caller), null);
    };
    return this.unitOfWork.runOnce(key, cancel, this.tasks.kept);
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

  async list(caller: Caller, roomId: string): Promise<Task[]> {
    await this.rooms.look(caller, roomId, 'read');
    return this.tasks.list(roomId);
  }

  async detail(caller: Caller, roomId: string, taskId: string): Promise<TaskDetail> {
    await this.rooms.look(caller, roomId, 'read');
    const task = await this.tasks.get(roomId, taskId);
    const events = await this.log.aboutTask(roomId, taskId);
    return {
      task: presentTask(task),
      contextMessages: presentContext(task),
      paths: await this.pathStore.find(taskId),
      conflicts: await this.pathStore.noticesFor(taskId),
      checks: task.checks,
      approvals: await this.approvals.ofTask(taskId),
      history: events.flatMap(({ timestamp, actor, type, data }) =>
        'task' in data
          ? [
              {
                at: timestamp,
                actor,
                what: type,
                note: ('note' in data && data.note) || (data.task.progress?.note ?? data.task.failure),
              },
            ]
          : [],
      ),
    };
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
      await this.make(work, room, {
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
   * closed the issue may say so; else it is left to its reviewers. Whoever is working goes on, and the room's log tells of the issue.
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
          await this.end(work, room!, task, 'done', SYSTEM, null);
        } else if (
          isHandedIn ? verdict === 'not_planned' : !task.leaseId && !FINISHED_TASK_STATES.includes(task.state)
        ) {
          await this.end(work, room!, task, 'cancelled', SYSTEM, `Issue #${number} was closed`);
        }
      }
    });
  }

  /**
   * The pull request of a task was opened, merged or closed. Providers know nothing of our tasks: one that was handed in there goes by
   * its commit.
   */
  async followPullRequest(
    roomId: string,
    which: string | { readonly submittedSha: string },
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
        await this.end(work, room, task, 'done', SYSTEM, null);
      } else if (what === 'closed' && task.pullRequest === pullRequest) {
        await this.end(
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

  private async make(
    work: Work,
    room: RoomEntity,
    { assignedTo, upToSeq, source, issue, paths, ...request }: NewTask,
  ): Promise<Task> {
    const id = randomUUID();
    await work.manager.insert(TaskEntity, {
      ...request,
      dependsOn: [...request.dependsOn],
      sourceMessageId: source?.id ?? null,
      isMembersOnly: source?.visibility === 'members' || issue !== undefined,
      issueId: issue?.id ?? null,
      issue: issue ? linkOf(issue) : null,
      id,
      roomId: room.id,
      number: await this.tasks.nextNumber(work, room.id),
      state: 'open',
      assignedToId: assignedTo?.id ?? null,
      assignedToName: assignedTo?.name ?? null,
      fence: 0,
      context: [...(await this.context(work, room.id, upToSeq)), ...(issue ? [wordsOf(issue)] : [])],
      createdAt: work.now,
      updatedAt: work.now,
    });
    const task = await this.tasks.get(room.id, id, work.manager);
    const data = { task: presentTask(task) };
    const isPrivate = task.isMembersOnly;
    await this.log.append(work, room, { type: 'task.created', actor: request.createdBy, data, isPrivate });
    if (paths.length > 0) {
      await this.paths.claim(work, room, task, request.createdBy, paths);
    }
    await this.desk.offer(work, room, task);
    return presentTask(task);
  }

  private async end(
    work: Work,
    room: RoomEntity,
    task: TaskEntity,
    state: 'cancelled' | 'done',
    actor: Actor,
    why: string | null,
  ): Promise<Task> {
    const { leaseHolderId } = task;
    this.desk.revokeAfterCommit(work, task, why ?? `The task is ${state}`);
    task.endLease();
    advance(task, state === 'done' ? 'complete' : 'cancel');
    task.failure = why;
    await this.tasks.save(work, task);
    await this.paths.finished(work, task);
    const presented = presentTask(task);
    await this.log.append(work, room, {
      type: state === 'done' ? 'task.completed' : 'task.cancelled',
      actor,
      data: { task: presented },
      isPrivate: task.isMembersOnly,
    });
    if (state === 'done') {
      for (const next of await this.tasks.waitingForTask(work, task)) {
        await this.desk.offer(work, room, next);
      }
    }
    await this.desk.offerWhatWaited(work, room, leaseHolderId);
    return presented;
  }

  /** What the task is a part of and what it waits for, if all of it is there and nothing would wait for itself. */
  private async relations(
    work: Work,
    room: RoomEntity,
    taskId: string | null,
    { parentId, dependsOn = [] }: { parentId?: string | null | undefined; dependsOn?: readonly string[] | undefined },
  ): Promise<{ parentId: string | null; dependsOn: string[] }> {
    const ids = [...new Set(dependsOn)];
    const named = parentId ? [parentId, ...ids] : ids;
    const known = await work.manager.countBy(TaskEntity, { roomId: room.id, id: In(named) });
    if (known < new Set(named).size) {
      throw notFound('task in this room');
    }
    if (
      taskId !== null &&
      (parentId === taskId || makesCircle(await this.tasks.dependencies(work, room.id), taskId, ids))
    ) {
      const path = parentId === taskId ? 'parentId' : 'dependsOn';
      const message = 'A task is neither a part of itself nor waits for itself';
      throw new Refusal('invalid_input', message, { errors: [{ path, message }] });
    }
    return { parentId: parentId ?? null, dependsOn: ids };
  }

  /** One message asks one agent once. */
  private async requireNotAsked(
    { manager }: Work,
    { id, sourceMessageId }: TaskEntity,
    agent: { readonly id: string; readonly name: string },
  ): Promise<void> {
    const other =
      sourceMessageId &&
      (await manager.findOneBy(TaskEntity, { sourceMessageId, assignedToId: agent.id, id: Not(id) }));
    if (other) {
      const message = `${agent.name} was asked by the same message already: task ${other.number}`;
      throw new Refusal('invalid_input', message, { errors: [{ path: 'agentId', message }] });
    }
  }

  private async standingMessage(work: Work, room: RoomEntity, id: string | undefined): Promise<ChatMessage | null> {
    if (id === undefined) {
      return null;
    }
    const message = await this.log.message(room.id, id, work.manager);
    if (!message || message.deletedAt !== null) {
      throw notFound('message in this room');
    }
    return message;
  }

  private async context(work: Work, roomId: string, upToSeq: number): Promise<CopiedMessage[]> {
    const messages = await this.log.messagesUpTo(roomId, upToSeq, CONTEXT_MESSAGES, work.manager);
    const standing = messages.filter(({ deletedAt }) => deletedAt === null);
    return standing.map(({ id, author, trust, message, timestamp }) => ({
      messageId: id,
      author: author.name,
      authorType: author.type,
      trust,
      message,
      timestamp,
    }));
  }

  private async seatedAgent(work: Work, room: RoomEntity, agentId: string): Promise<{ id: string; name: string }> {
    const [member] = await readMembers(work.manager, room.id, agentId);
    if (member?.type !== 'agent') {
      throw notFound('agent in this room');
    }
    return member;
  }
}
