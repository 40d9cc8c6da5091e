import { randomUUID } from 'node:crypto';
import type { Approval, DecideApproval, RequestApproval, WithdrawApproval } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { actorOf, type AgentCaller, type HumanCaller } from '../../platform/caller.js';
import { UnitOfWork, type Work } from '../../platform/database/unit-of-work.js';
import { Refusal } from '../../platform/errors/refusal.js';
import { SocketServers } from '../../platform/sockets/socket-servers.js';
import { readMembers, requirePermitted, RoomAccess, type RoomEntity, RoomLog } from '../../rooms/index.js';
import { LeaseService } from '../lease.service.js';
import type { TaskEntity } from '../task.entity.js';
import { ApprovalEntity } from './approval.entity.js';
import { ApprovalStore, isUnderItsLease, presentApproval } from './approval-store.js';

/** An agent that asks for more than this at once asks for nothing that anybody could judge. */
const MAX_PENDING = 20;

/** Steps that an agent takes only with leave: asking for it, and giving it or not. Who answers for the agent decides, nobody else. */
@Injectable()
export class ApprovalService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly rooms: RoomAccess,
    private readonly log: RoomLog,
    private readonly leases: LeaseService,
    private readonly approvals: ApprovalStore,
    private readonly servers: SocketServers,
  ) {}

  /** Asks for leave. Asking for the same again, with or without the same command id, answers how it stands. */
  request(caller: AgentCaller, request: RequestApproval): Promise<Approval> {
    const { roomId, taskId, leaseId, approvalId, commandId } = request;
    const ask = async (work: Work) => {
      const { room, task, limits } = await this.leases.underLease(work, caller, { roomId, taskId, leaseId });
      requirePermitted(limits, 'ask_approval');
      const known = await this.approvals.find({ taskId, leaseId, approvalId }, work.manager);
      if (known) {
        return presentApproval(known);
      }
      await this.requireRoom(work, task);
      const [seat] = await readMembers(work.manager, roomId, caller.agentId);
      await work.manager.insert(ApprovalEntity, {
        id: randomUUID(),
        roomId,
        taskId,
        leaseId,
        approvalId,
        agentId: caller.agentId,
        agentName: caller.name,
        ownerId: caller.userId,
        ownerName: seat?.ownerName ?? '',
        kind: request.kind,
        title: request.title,
        detail: request.detail,
        state: 'pending',
        requestedAt: work.now,
      });
      const approval = presentApproval(await this.approvals.get({ taskId, leaseId, approvalId }, work.manager));
      await this.log.append(work, room, { type: 'approval.requested', actor: actorOf(caller), data: { approval } });
      return approval;
    };
    return this.unitOfWork.runOnce(
      { actorId: caller.id, commandId, name: 'request_approval', request },
      ask,
      this.approvals.kept,
    );
  }

  /** Nobody is to decide any more. What was decided before stands, and withdrawing twice changes nothing. */
  withdraw(caller: AgentCaller, request: WithdrawApproval): Promise<Approval> {
    const { roomId, taskId, leaseId, approvalId, commandId } = request;
    const withdraw = async (work: Work) => {
      const { room } = await this.leases.underLease(work, caller, { roomId, taskId, leaseId });
      const approval = await this.approvals.get({ taskId, leaseId, approvalId }, work.manager);
      if (approval.state !== 'pending') {
        return presentApproval(approval);
      }
      Object.assign(approval, { state: 'withdrawn', decidedAt: work.now });
      return this.conclude(work, room, caller, approval);
    };
    return this.unitOfWork.runOnce(
      { actorId: caller.id, commandId, name: 'withdraw_approval', request },
      withdraw,
      this.approvals.kept,
    );
  }

  /** Decides. Of two decisions the first one stands: the same once more changes nothing, another one is refused. */
  decide(caller: HumanCaller, request: DecideApproval): Promise<Approval> {
    const { roomId, id, decision, note, commandId } = request;
    const decide = async (work: Work) => {
      const { room } = await this.rooms.enter(work, caller, roomId, 'read');
      const approval = await this.approvals.get({ id, roomId }, work.manager);
      if (approval.ownerId !== caller.userId) {
        throw new Refusal('forbidden', `Only ${approval.ownerName} answers for ${approval.agentName}`);
      }
      if (approval.state === decision) {
        return presentApproval(approval);
      }
      if (approval.state !== 'pending') {
        throw new Refusal('already_decided', `This was ${approval.state} already`);
      }
      if (!isUnderItsLease(approval)) {
        throw new Refusal('lease_lost', `${approval.agentName} no longer holds the task`);
      }
      Object.assign(approval, { state: decision, note, decidedBy: actorOf(caller), decidedAt: work.now });
      return this.conclude(work, room, caller, approval);
    };
    return this.unitOfWork.runOnce(
      { actorId: caller.id, commandId, name: 'decide_approval', request },
      decide,
      this.approvals.kept,
    );
  }

  private async conclude(
    work: Work,
    room: RoomEntity,
    caller: AgentCaller | HumanCaller,
    entity: ApprovalEntity,
  ): Promise<Approval> {
    await work.manager.save(entity);
    const approval = presentApproval(entity);
    const { id: roomId } = room;
    await this.log.append(work, room, { type: 'approval.decided', actor: actorOf(caller), data: { approval } });
    work.afterCommit(() => this.servers.toMember(entity.agentId, 'approval_decided', { roomId, approval }));
    return approval;
  }

  private async requireRoom({ manager }: Work, { id, leaseId }: TaskEntity): Promise<void> {
    const pending = await manager.countBy(ApprovalEntity, { taskId: id, leaseId: leaseId!, state: 'pending' });
    if (pending >= MAX_PENDING) {
      throw new Refusal('agent_busy', `${MAX_PENDING} steps wait for leave already; wait for a decision`);
    }
  }
}
