import {
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
import { actorOf, type Caller, type HumanCaller } from '../platform/caller.js';
import { UnitOfWork, type Work } from '../platform/database/unit-of-work.js';
import { notFound, Refusal } from '../platform/errors/refusal.js';
import { readMembers, RoomAccess, type RoomEntity, RoomLog } from '../rooms/index.js';
import { ApprovalStore } from './approvals/approval-store.js';
import { AssignmentDesk } from './assignment-desk.js';
import { makesCircle } from './domain/dependencies.js';
import { onceHandedIn } from './domain/once-handed-in.js';
import { PathKeeper } from './paths/path-keeper.js';
import { PathStore } from './paths/path-store.js';
import { TaskEntity } from './task.entity.js';
import { presentContext, presentTask } from './task.presenter.js';
import { TaskLife } from './task-life.js';
import { TaskStore } from './task-store.js';

/** What people ask of tasks: making one, changing it, giving it to an agent, calling it off, looking at it. */
@Injectable()
export class TaskService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly rooms: RoomAccess,
    private readonly log: RoomLog,
    private readonly tasks: TaskStore,
    private readonly life: TaskLife,
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
      return this.life.make(work, room, {
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
      return this.life.end(work, room, task, 'cancelled', actorOf(caller), null);
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
      paths: await this.pathStore.find(taskId),
      conflicts: await this.pathStore.noticesFor(taskId),
      checks: task.checks,
      approvals: await this.approvals.ofTask(taskId),
      history: onceHandedIn(events).flatMap(({ timestamp, actor, type, data }) =>
        'task' in data
          ? [
              {
                at: timestamp,
                actor,
                what: 'issue' in data && data.issue ? `task.issue_${data.issue}` : type,
                note: ('note' in data && data.note) || (data.task.progress?.note ?? data.task.failure),
              },
            ]
          : [],
      ),
    };
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
    if (message.trust === 'spectator') {
      const why = 'Spectators give no work: say in your own words what is to be done';
      throw new Refusal('invalid_input', why, { errors: [{ path: 'sourceMessageId', message: why }] });
    }
    return message;
  }

  private async seatedAgent(work: Work, room: RoomEntity, agentId: string): Promise<{ id: string; name: string }> {
    const [member] = await readMembers(work.manager, room.id, agentId);
    if (member?.type !== 'agent') {
      throw notFound('agent in this room');
    }
    return member;
  }
}
