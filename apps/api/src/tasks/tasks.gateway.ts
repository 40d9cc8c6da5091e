import type {
  CancelTask,
  ClaimedTask,
  ClaimTask,
  CreateTask,
  FailTask,
  Lease,
  ReleaseTask,
  RenewLease,
  ReportProgress,
  SubmitWork,
  Task,
} from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import type { AgentCaller, HumanCaller } from '../platform/caller.js';
import { Command } from '../platform/sockets/command.js';
import { LeaseService } from './lease.service.js';
import { TaskService } from './task.service.js';

@Injectable()
export class TasksGateway {
  constructor(
    private readonly tasks: TaskService,
    private readonly leases: LeaseService,
  ) {}

  @Command('create_task')
  create(caller: HumanCaller, request: CreateTask): Promise<Task> {
    return this.tasks.create(caller, request);
  }

  @Command('cancel_task')
  cancel(caller: HumanCaller, request: CancelTask): Promise<Task> {
    return this.tasks.cancel(caller, request);
  }

  @Command('claim_task')
  claim(caller: AgentCaller, request: ClaimTask): Promise<ClaimedTask> {
    return this.leases.claim(caller, request);
  }

  @Command('lease_renew')
  renew(caller: AgentCaller, request: RenewLease): Promise<Lease> {
    return this.leases.renew(caller, request);
  }

  @Command('task_progress')
  reportProgress(caller: AgentCaller, request: ReportProgress): Promise<Task> {
    return this.leases.reportProgress(caller, request);
  }

  @Command('submit_work')
  submit(caller: AgentCaller, request: SubmitWork): Promise<Task> {
    return this.leases.submit(caller, request);
  }

  @Command('release_task')
  release(caller: AgentCaller, request: ReleaseTask): Promise<Task> {
    return this.leases.release(caller, request);
  }

  @Command('fail_task')
  fail(caller: AgentCaller, request: FailTask): Promise<Task> {
    return this.leases.fail(caller, request);
  }
}
