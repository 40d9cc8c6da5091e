import type {
  CancelTask,
  ClaimedPaths,
  ClaimedTask,
  ClaimPaths,
  ClaimTask,
  ConfirmReceipt,
  CreateTask,
  FailTask,
  Lease,
  ReleaseTask,
  RenewLease,
  ReportProgress,
  ReviewTask,
  SubmitWork,
  Task,
  TaskReceipt,
  UpdateTask,
} from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import type { AgentCaller, HumanCaller } from '../platform/caller.js';
import { Command } from '../platform/sockets/command.js';
import { LeaseService } from './lease.service.js';
import { PathClaims } from './paths/path-claims.service.js';
import { ReceiptService } from './receipt.service.js';
import { ReviewService } from './review.service.js';
import { TaskService } from './task.service.js';

@Injectable()
export class TasksGateway {
  constructor(
    private readonly tasks: TaskService,
    private readonly leases: LeaseService,
    private readonly receipts: ReceiptService,
    private readonly reviews: ReviewService,
    private readonly paths: PathClaims,
  ) {}

  @Command('create_task')
  create(caller: HumanCaller, request: CreateTask): Promise<Task> {
    return this.tasks.create(caller, request);
  }

  @Command('update_task')
  update(caller: HumanCaller, request: UpdateTask): Promise<Task> {
    return this.tasks.update(caller, request);
  }

  @Command('review_task')
  review(caller: HumanCaller, request: ReviewTask): Promise<Task> {
    return this.reviews.review(caller, request);
  }

  @Command('cancel_task')
  cancel(caller: HumanCaller, request: CancelTask): Promise<Task> {
    return this.tasks.cancel(caller, request);
  }

  @Command('claim_task')
  claim(caller: AgentCaller, request: ClaimTask): Promise<ClaimedTask> {
    return this.leases.claim(caller, request);
  }

  @Command('claim_paths')
  claimPaths(caller: AgentCaller, request: ClaimPaths): Promise<ClaimedPaths> {
    return this.paths.claim(caller, request);
  }

  @Command('task_receipt')
  confirmReceipt(caller: AgentCaller, request: ConfirmReceipt): Promise<TaskReceipt> {
    return this.receipts.confirm(caller, request);
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
