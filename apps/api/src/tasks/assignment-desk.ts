import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { SYSTEM } from '../platform/caller.js';
import { Clock } from '../platform/clock.js';
import type { Work } from '../platform/database/unit-of-work.js';
import type { Connection } from '../platform/sockets/connection.js';
import { ConnectionHooks } from '../platform/sockets/connection-hooks.js';
import { SocketServers } from '../platform/sockets/socket-servers.js';
import { AgentUses, limitsOf, RoomEntity, RoomLog } from '../rooms/index.js';
import { newOffer } from './domain/receipt.js';
import { stateAfter } from './domain/task-machine.js';
import type { TaskEntity } from './task.entity.js';
import { presentAssignment, presentTask } from './task.presenter.js';
import { TaskStore } from './task-store.js';

/** What is true at one moment, as a transaction or anybody sees it. */
type Moment = Pick<Work, 'manager' | 'now'>;

/**
 * Tells agents what is theirs to do and what no longer is. A push is only a hint: what waits is in the database, and is told
 * again at every connect until it is taken.
 */
@Injectable()
export class AssignmentDesk {
  constructor(
    private readonly dataSource: DataSource,
    private readonly tasks: TaskStore,
    private readonly log: RoomLog,
    private readonly servers: SocketServers,
    private readonly uses: AgentUses,
    private readonly clock: Clock,
    hooks: ConnectionHooks,
  ) {
    hooks.add({
      opened: (connection) => {
        if (connection.caller.type === 'agent') {
          this.remind(connection).catch(() => undefined); // the next connect tells again
        }
      },
    });
  }

  /**
   * Offers a task to the agent it is given to, unless there is none, somebody holds it, it waits for others, or the agent may take no
   * more now. To be called last.
   */
  async offer(work: Work, room: RoomEntity, task: TaskEntity): Promise<void> {
    const { id: taskId, assignedToId } = task;
    if (assignedToId === null || !(await this.isToOffer(work, task, assignedToId))) {
      return; // it waits, and is offered once there is room for it
    }
    if (task.receipt === null) {
      task.receipt = newOffer(work.now.toISOString());
      await this.tasks.save(work, task);
      const data = { taskId, receipt: task.receipt, updatedAt: task.updatedAt.toISOString() };
      await this.log.append(work, room, { type: 'task.receipt', actor: SYSTEM, data });
    }
    const assignment = presentAssignment(task, room.repository);
    work.afterCommit(() => this.servers.toMember(assignedToId, 'task_assignment', assignment));
  }

  /**
   * Offers a task that waited until now, though nothing about it changed: whoever waits for their inbox hears of it, too. Once it was
   * offered they know of it.
   */
  async offerAtLast(work: Work, room: RoomEntity, task: TaskEntity): Promise<void> {
    const { assignedToId } = task;
    if (assignedToId !== null && task.receipt === null && (await this.isToOffer(work, task, assignedToId))) {
      await this.log.append(work, room, { type: 'task.updated', actor: SYSTEM, data: { task: presentTask(task) } });
    }
    await this.offer(work, room, task);
  }

  /**
   * Offers what waits for an agent that has just given up a task, if it held as many as it may. To be called once the lease is ended
   * and the rest is said.
   */
  async offerWhatWaited(work: Work, room: RoomEntity, agentId: string | null): Promise<void> {
    const limits = agentId === null ? undefined : await this.limitsOf(work, room.id, agentId);
    if (agentId !== null && limits?.parallelTasks === (await this.tasks.countHeld(work, room.id, agentId)) + 1) {
      await this.offerWaiting(work, room, agentId);
    }
  }

  /** Offers what waits for an agent in a room that is held. */
  async offerWaiting(work: Work, room: RoomEntity, agentId: string): Promise<void> {
    for (const task of await this.tasks.waitingFor(agentId, work.manager)) {
      if (task.roomId === room.id) {
        await this.offerAtLast(work, room, task);
      }
    }
  }

  /** To be called while the task still has its lease. */
  revokeAfterCommit(work: Work, { id, roomId, leaseId, leaseHolderId }: TaskEntity, reason: string): void {
    if (leaseId && leaseHolderId) {
      work.afterCommit(() =>
        this.servers.toMember(leaseHolderId, 'lease_lost', { roomId, taskId: id, leaseId, reason }),
      );
    }
  }

  private async remind(connection: Connection): Promise<void> {
    const { manager } = this.dataSource;
    const mayTakeIn = new Map<string, boolean>();
    for (const task of await this.tasks.waitingFor(connection.caller.id)) {
      const { roomId } = task;
      const mayTake =
        mayTakeIn.get(roomId) ?? (await this.mayTake({ manager, now: this.clock.now() }, roomId, connection.caller.id));
      mayTakeIn.set(roomId, mayTake);
      if (mayTake) {
        const room = await manager.findOneByOrFail(RoomEntity, { id: roomId });
        connection.push('task_assignment', presentAssignment(task, room.repository));
      }
    }
  }

  /** Whether the agent that a task is given to would get it if it asked for it now. */
  private async isToOffer(work: Work, task: TaskEntity, agentId: string): Promise<boolean> {
    return (
      task.waitsUntil === null &&
      stateAfter(task.state, 'claim') !== null &&
      (await this.tasks.countUnfinished(work, task.dependsOn)) === 0 &&
      (await this.mayTake(work, task.roomId, agentId))
    );
  }

  /** Whether the agent would be given a task in the room if it asked for one now. */
  private async mayTake(at: Moment, roomId: string, agentId: string): Promise<boolean> {
    const limits = await this.limitsOf(at, roomId, agentId);
    if (!limits) {
      return true; // it has no seat; who says so is asked when it claims
    }
    const { commands, parallelTasks, tasksPerHour } = limits;
    return (
      (commands?.includes('take_tasks') ?? true) &&
      (parallelTasks === null || (await this.tasks.countHeld(at, roomId, agentId)) < parallelTasks) &&
      (await this.uses.waitFor(at.manager, { roomId, agentId }, 'task', tasksPerHour, at.now)) === 0
    );
  }

  private async limitsOf({ manager }: Moment, roomId: string, agentId: string) {
    return (await limitsOf(manager, roomId, [agentId])).get(agentId);
  }
}
