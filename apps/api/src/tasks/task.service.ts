import { randomUUID } from 'node:crypto';
import {
  type Actor,
  type CancelTask,
  type CreateTask,
  FINISHED_TASK_STATES,
  type Task,
  type TaskDetail,
} from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { actorOf, type Caller, type HumanCaller, SYSTEM } from '../platform/caller.js';
import { UnitOfWork, type Work } from '../platform/database/unit-of-work.js';
import { notFound, Refusal } from '../platform/errors/refusal.js';
import { readMembers, RoomAccess, type RoomEntity, RoomLog } from '../rooms/index.js';
import { AssignmentDesk } from './assignment-desk.js';
import { asksForWork, titleOf } from './domain/request-for-work.js';
import { type CopiedMessage, TaskEntity } from './task.entity.js';
import { presentContext, presentTask } from './task.presenter.js';
import { TaskStore } from './task-store.js';

const CONTEXT_MESSAGES = 20;

interface NewTask {
  readonly createdBy: Actor;
  readonly title: string;
  readonly description: string;
  readonly assignedTo: { id: string; name: string } | null;
  readonly priority: Task['priority'];
  readonly deadline: Date | null;
  readonly upToSeq: number;
  readonly sourceMessageId: string | null;
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
  ) {}

  create(caller: HumanCaller, request: CreateTask): Promise<Task> {
    const key = { actorId: caller.id, commandId: request.commandId, name: 'create_task', request };
    const create = async (work: Work) => {
      const { room } = await this.rooms.enter(work, caller, request.roomId, 'create_task');
      return this.make(work, room, {
        createdBy: actorOf(caller),
        title: request.title ?? titleOf(request.description),
        description: request.description,
        assignedTo: request.agentId === undefined ? null : await this.seatedAgent(work, room, request.agentId),
        priority: request.priority,
        deadline: request.deadline ? new Date(request.deadline) : null,
        upToSeq: room.lastSeq,
        sourceMessageId: null,
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
            upToSeq: seq,
            sourceMessageId: message.id,
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
      history: events.flatMap(({ timestamp, actor, type, data }) =>
        'task' in data
          ? [{ at: timestamp, actor, what: type, note: data.task.progress?.note ?? data.task.failure }]
          : [],
      ),
    };
  }

  /** The pull request of a task was opened, merged or closed. */
  async followPullRequest(
    roomId: string,
    taskId: string,
    pullRequest: number,
    what: 'opened' | 'merged' | 'closed',
  ): Promise<void> {
    await this.unitOfWork.run(async (work) => {
      const [room] = await this.rooms.holdAll(work, [roomId]);
      const task = await work.manager.findOneBy(TaskEntity, { id: taskId, roomId });
      if (!room || !task || FINISHED_TASK_STATES.includes(task.state)) {
        return;
      }
      if (what === 'merged') {
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

  private async make(work: Work, room: RoomEntity, { assignedTo, upToSeq, ...request }: NewTask): Promise<Task> {
    const id = randomUUID();
    await work.manager.insert(TaskEntity, {
      ...request,
      id,
      roomId: room.id,
      number: await this.tasks.nextNumber(work, room.id),
      state: 'open',
      assignedToId: assignedTo?.id ?? null,
      assignedToName: assignedTo?.name ?? null,
      fence: 0,
      context: await this.context(work, room.id, upToSeq),
      createdAt: work.now,
      updatedAt: work.now,
    });
    const task = await this.tasks.get(room.id, id, work.manager);
    const presented = presentTask(task);
    await this.log.append(work, room, { type: 'task.created', actor: request.createdBy, data: { task: presented } });
    this.desk.assignAfterCommit(work, room, task);
    return presented;
  }

  private async end(
    work: Work,
    room: RoomEntity,
    task: TaskEntity,
    state: 'cancelled' | 'done',
    actor: Actor,
    why: string | null,
  ): Promise<Task> {
    this.desk.revokeAfterCommit(work, task, why ?? `The task is ${state}`);
    task.endLease();
    task.state = state;
    task.failure = why;
    await this.tasks.save(work, task);
    const presented = presentTask(task);
    await this.log.append(work, room, {
      type: state === 'done' ? 'task.completed' : 'task.cancelled',
      actor,
      data: { task: presented },
    });
    return presented;
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
