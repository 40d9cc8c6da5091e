import type { Approval } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, type FindOptionsWhere } from 'typeorm';
import type { KeptByName } from '../../platform/database/unit-of-work.js';
import { notFound } from '../../platform/errors/refusal.js';
import { RoomSnapshot, RoomWork } from '../../rooms/index.js';
import { TaskStore } from '../task-store.js';
import { ApprovalEntity } from './approval.entity.js';

/** Reads approvals, each with its task: whether something is still to be decided is the task's lease to say. */
@Injectable()
export class ApprovalStore {
  /** Replies are kept by name: what an agent asked may hold what must not be kept twice. */
  readonly kept: KeptByName<Approval> = {
    name: ({ id }) => id,
    read: async (manager, id) => presentApproval(await this.get({ id: id as string }, manager)),
  };

  constructor(
    private readonly dataSource: DataSource,
    snapshots: RoomSnapshot,
    work: RoomWork,
    tasks: TaskStore,
  ) {
    work.contribute({
      leasesOf: (roomId, agentId) => tasks.leasesOf(roomId, agentId),
      approval: async (roomId, id) => {
        const approval = await this.find({ roomId, id });
        return approval && presentApproval(approval);
      },
      approvedIn: (roomId, manager) => tasks.approvedIn(roomId, manager),
    });
    snapshots.contribute('approvals', (manager, roomId) => this.pending(manager, roomId));
  }

  find(
    where: FindOptionsWhere<ApprovalEntity>,
    manager: EntityManager = this.dataSource.manager,
  ): Promise<ApprovalEntity | null> {
    return manager.findOne(ApprovalEntity, { where, relations: { task: true } });
  }

  async get(where: FindOptionsWhere<ApprovalEntity>, manager: EntityManager): Promise<ApprovalEntity> {
    const approval = await this.find(where, manager);
    if (!approval) {
      throw notFound('approval');
    }
    return approval;
  }

  /** What was ever asked for a task, oldest first. */
  async ofTask(taskId: string): Promise<Approval[]> {
    const approvals = await this.dataSource.manager.find(ApprovalEntity, {
      where: { taskId },
      relations: { task: true },
      order: { requestedAt: 'ASC', id: 'ASC' },
    });
    return approvals.map(presentApproval);
  }

  /** What waits for a decision in a room, oldest first. */
  private async pending(manager: EntityManager, roomId: string): Promise<Approval[]> {
    const approvals = await manager.find(ApprovalEntity, {
      where: { roomId, state: 'pending' },
      relations: { task: true },
      order: { requestedAt: 'ASC', id: 'ASC' },
    });
    return approvals.filter(isUnderItsLease).map(presentApproval);
  }
}

export const isUnderItsLease = ({ leaseId, task }: ApprovalEntity): boolean => task.leaseId === leaseId;

export function presentApproval(approval: ApprovalEntity): Approval {
  const { task, agentId, agentName, ownerId, ownerName, state } = approval;
  return {
    id: approval.id,
    roomId: approval.roomId,
    taskId: approval.taskId,
    taskNumber: task.number,
    approvalId: approval.approvalId,
    agent: { type: 'agent', id: agentId, name: agentName },
    owner: { type: 'human', id: ownerId, name: ownerName },
    kind: approval.kind,
    title: approval.title,
    detail: approval.detail,
    state: state === 'pending' && !isUnderItsLease(approval) ? 'withdrawn' : state,
    decidedBy: approval.decidedBy,
    note: approval.note,
    requestedAt: approval.requestedAt.toISOString(),
    decidedAt: approval.decidedAt?.toISOString() ?? null,
  };
}
