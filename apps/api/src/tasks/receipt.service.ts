import type { ConfirmReceipt, TaskReceipt } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { actorOf, type AgentCaller } from '../platform/caller.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { Refusal } from '../platform/errors/refusal.js';
import { RoomAccess, RoomLog } from '../rooms/index.js';
import { confirmed } from './domain/receipt.js';
import { TaskStore } from './task-store.js';

/** Agents say how far the offer of a task has come with them, so that people see whom nothing reaches. */
@Injectable()
export class ReceiptService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly rooms: RoomAccess,
    private readonly log: RoomLog,
    private readonly tasks: TaskStore,
  ) {}

  /** What was said before is not said again. */
  async confirm(caller: AgentCaller, { roomId, taskId, step }: ConfirmReceipt): Promise<TaskReceipt> {
    return this.unitOfWork.run(async (work) => {
      const { room } = await this.rooms.enter(work, caller, roomId, 'push');
      const task = await this.tasks.get(roomId, taskId, work.manager);
      if (task.receipt === null || task.assignedToId !== caller.agentId) {
        throw new Refusal('task_not_open', `Task ${task.number} is not offered to you`);
      }
      const receipt = confirmed(task.receipt, step, work.now.toISOString());
      if (receipt !== task.receipt) {
        task.receipt = receipt;
        await this.tasks.save(work, task);
        await this.log.append(work, room, {
          type: 'task.receipt',
          actor: actorOf(caller),
          data: { taskId, receipt, updatedAt: task.updatedAt.toISOString() },
        });
      }
      return receipt;
    });
  }
}
