import type { Approval, DecideApproval, RequestApproval, WithdrawApproval } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import type { AgentCaller, HumanCaller } from '../../platform/caller.js';
import { Command } from '../../platform/sockets/command.js';
import { ApprovalService } from './approval.service.js';

@Injectable()
export class ApprovalsGateway {
  constructor(private readonly approvals: ApprovalService) {}

  @Command('request_approval')
  request(caller: AgentCaller, request: RequestApproval): Promise<Approval> {
    return this.approvals.request(caller, request);
  }

  @Command('withdraw_approval')
  withdraw(caller: AgentCaller, request: WithdrawApproval): Promise<Approval> {
    return this.approvals.withdraw(caller, request);
  }

  @Command('decide_approval')
  decide(caller: HumanCaller, request: DecideApproval): Promise<Approval> {
    return this.approvals.decide(caller, request);
  }
}
