import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { SYSTEM } from '../platform/caller.js';
import type { Work } from '../platform/database/unit-of-work.js';
import type { Connection } from '../platform/sockets/connection.js';
import { ConnectionHooks } from '../platform/sockets/connection-hooks.js';
import { SocketServers } from '../platform/sockets/socket-servers.js';
import { RoomEntity, RoomLog } from '../rooms/index.js';
import { newOffer } from './domain/receipt.js';
import { stateAfter } from './domain/task-machine.js';
import type { TaskEntity } from './task.entity.js';
import { presentAssignment } from './task.presenter.js';
import { TaskStore } from './task-store.js';

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

  /** Offers a task to the agent it is given to, unless there is none, somebody holds it, or it waits for others. To be called last. */
  async offer(work: Work, room: RoomEntity, task: TaskEntity): Promise<void> {
    const { id: taskId, assignedToId } = task;
    const isFree = assignedToId !== null && stateAfter(task.state, 'claim') !== null;
    if (!isFree || (await this.tasks.countUnfinished(work, task.dependsOn)) > 0) {
      return;
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

  /** To be called while the task still has its lease. */
  revokeAfterCommit(work: Work, { id, roomId, leaseId, leaseHolderId }: TaskEntity, reason: string): void {
    if (leaseId && leaseHolderId) {
      work.afterCommit(() =>
        this.servers.toMember(leaseHolderId, 'lease_lost', { roomId, taskId: id, leaseId, reason }),
      );
    }
  }

  private async remind(connection: Connection): Promise<void> {
    for (const task of await this.tasks.waitingFor(connection.caller.id)) {
      const room = await this.dataSource.manager.findOneByOrFail(RoomEntity, { id: task.roomId });
      connection.push('task_assignment', presentAssignment(task, room.repository));
    }
  }
}
