import { randomUUID } from 'node:crypto';
import {
  type ClaimedTask,
  type ClaimTask,
  type EffectiveAgentLimits,
  type FailTask,
  type Lease,
  type ReleaseTask,
  type RenewLease,
  type ReportProgress,
  type RoomEventType,
  type SubmitWork,
  type Task,
} from '@clawtank/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { In, IsNull, Not } from 'typeorm';
import { actorOf, type AgentCaller, SYSTEM } from '../platform/caller.js';
import { Clock } from '../platform/clock.js';
import { SETTINGS, type Settings } from '../platform/config/settings.js';
import { UnitOfWork, type Work } from '../platform/database/unit-of-work.js';
import { invalidInput } from '../platform/errors/parse.js';
import { Refusal } from '../platform/errors/refusal.js';
import {
  type AgentPush,
  AgentUses,
  type LeaseKeeper,
  readMembers,
  requirePermitted,
  RoomAccess,
  type RoomEntity,
  RoomLeases,
  RoomLog,
} from '../rooms/index.js';
import { advance } from './advance.js';
import { AssignmentDesk } from './assignment-desk.js';
import { decideClaim } from './domain/claim-task.js';
import { decidePush } from './domain/push-under-lease.js';
import { confirmed, newOffer } from './domain/receipt.js';
import { EvidenceGate } from './evidence-gate.js';
import { PathKeeper } from './paths/path-keeper.js';
import { PathStore } from './paths/path-store.js';
import { TaskEntity } from './task.entity.js';
import { presentAssignment, presentLease, presentTask } from './task.presenter.js';
import { TaskStore } from './task-store.js';

/** When an agent that holds as much as it may asks again, if nobody offers it anything before. */
const BUSY_RETRY_MS = 5000;
/** Whoever is away for longer had better give the task back. */
const LONGEST_WAIT_MS = 31 * 86_400_000;

const REFUSALS = {
  task_not_open: 'This task is not open to you: somebody else has it, or it is finished',
  task_blocked: 'This task waits for another one that is not done yet',
  agent_busy: 'This agent holds as many tasks in this room as it may',
} as const;

const PUSH_REFUSALS = {
  holds_nothing: 'You hold no task in this room: claim one before you push',
  holds_another_task: 'This branch is the work of a task that you do not hold. Stop, and push nothing to it.',
} as const;

interface UnderLease {
  readonly roomId: string;
  readonly taskId: string;
  readonly leaseId: string;
  readonly commandId?: string | undefined;
}

type UseCase = (work: Work, room: RoomEntity, task: TaskEntity, limits: EffectiveAgentLimits) => Promise<Task>;

/** The event types that say no more than how a task now stands. */
type TaskNews = Extract<RoomEventType, 'task.progressed' | 'task.submitted' | 'task.failed'>;

/** What agents do with tasks: take one, keep it, report, hand in, give back. Every command after the claim names its lease. */
@Injectable()
export class LeaseService implements LeaseKeeper {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly rooms: RoomAccess,
    private readonly log: RoomLog,
    private readonly evidence: EvidenceGate,
    private readonly tasks: TaskStore,
    private readonly desk: AssignmentDesk,
    private readonly uses: AgentUses,
    private readonly paths: PathKeeper,
    private readonly pathStore: PathStore,
    private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
    leases: RoomLeases,
  ) {
    leases.contribute(this);
  }

  /** Gives an open task to the calling agent. Of several agents racing for it, exactly one wins. */
  async claim(caller: AgentCaller, { roomId, taskId, paths }: ClaimTask): Promise<ClaimedTask> {
    // No command receipt: the holder that asks again gets its lease as it is now.
    return this.unitOfWork.run(async (work) => {
      const { room, limits } = await this.rooms.enter(work, caller, roomId, 'push');
      const task = await this.tasks.get(roomId, taskId, work.manager);
      await this.endIfOver(work, room, task);
      const decision = decideClaim({
        agentId: caller.agentId,
        task,
        held: await this.tasks.countHeld(work, roomId, caller.agentId),
        maxHeld: limits.parallelTasks ?? Infinity,
        waitsFor: await this.tasks.countUnfinished(work, task.dependsOn),
        now: work.now,
      });
      if (decision !== 'granted' && decision !== 'resumed') {
        throw new Refusal(decision, REFUSALS[decision], decision === 'agent_busy' ? { retryAfter: BUSY_RETRY_MS } : {});
      }
      if (decision === 'granted') {
        requirePermitted(limits, 'take_tasks');
        await this.uses.requireOne(work, caller, { room, limits }, 'task');
        advance(task, 'claim');
        task.receipt = confirmed(
          task.receipt ?? newOffer(work.now.toISOString()),
          'acknowledged',
          work.now.toISOString(),
        );
        task.giveTo({ id: caller.agentId, name: caller.name }, randomUUID(), this.expiry(work.now));
        await this.tasks.save(work, task);
        const [member] = await readMembers(work.manager, roomId, caller.agentId);
        await this.log.append(work, room, {
          type: 'agent.claimed_task',
          actor: actorOf(caller),
          data: { task: presentTask(task), ownerName: member?.ownerName ?? '' },
          isPrivate: task.isMembersOnly,
        });
      }
      if (paths) {
        await this.paths.claim(work, room, task, actorOf(caller), paths);
      }
      const conflicts = await this.pathStore.noticesFor(taskId, work.manager);
      return { lease: presentLease(task), assignment: presentAssignment(task, room.repository), conflicts };
    });
  }

  /** Extends the lease. Not in the log: who holds the task does not change. */
  async renew(caller: AgentCaller, request: RenewLease): Promise<Lease> {
    return this.unitOfWork.run(async (work) => {
      const { task } = await this.underLease(work, caller, request);
      task.leaseExpiresAt = this.expiry(work.now);
      await work.manager.update(TaskEntity, { id: task.id }, { leaseExpiresAt: task.leaseExpiresAt });
      return presentLease(task);
    });
  }

  async requireForPush(caller: AgentCaller, { roomId, lease, branch }: AgentPush): Promise<void> {
    if (lease) {
      await this.renew(caller, { roomId, ...lease });
    }
    const decision = decidePush({
      heldTaskIds: await this.tasks.heldIds(roomId, caller.agentId, this.clock.now()),
      taskIdsOfBranch: branch === null ? [] : await this.tasks.idsOfBranch(roomId, branch),
    });
    if (decision !== 'granted') {
      throw new Refusal('lease_lost', PUSH_REFUSALS[decision]);
    }
  }

  reportProgress(caller: AgentCaller, request: ReportProgress): Promise<Task> {
    return this.once('task_progress', caller, request, (work, room, task) => {
      advance(task, 'report');
      task.progress = { note: request.note, percent: request.percent ?? null, at: work.now.toISOString() };
      task.leaseExpiresAt = this.expiry(work.now);
      return this.tell(work, room, task, 'task.progressed', caller);
    });
  }

  /** Takes the work in for review, if the branch that is said to hold it does, its checks passed, and the agent signed all of it. */
  async submit(caller: AgentCaller, request: SubmitWork): Promise<Task> {
    const read = await this.evidence.read(caller, request);
    return this.ending('submit_work', caller, request, async (work, room, task, limits) => {
      requirePermitted(limits, 'submit_work');
      await this.evidence.check(work, caller, request, limits, read);
      task.endLease();
      advance(task, 'submit');
      task.review = null;
      task.branch = request.gitBranch;
      task.submittedSha = request.commit;
      task.checks = request.checks;
      if (request.description) {
        task.progress = { note: request.description.slice(0, 500), percent: 100, at: work.now.toISOString() };
      }
      const submitted = await this.tell(work, room, task, 'task.submitted', caller);
      await this.paths.handedIn(work, room, task, request.gitBranch);
      const { roomId, id: taskId } = task;
      work.announce({ name: 'tasks.branch_named', data: { roomId, taskId, branch: request.gitBranch } });
      return submitted;
    });
  }

  release(caller: AgentCaller, request: ReleaseTask): Promise<Task> {
    return this.ending('release_task', caller, request, async (work, room, task) => {
      task.endLease();
      advance(task, 'reopen');
      task.assignedToId = null;
      task.assignedToName = null;
      await this.tasks.save(work, task);
      const presented = presentTask(task);
      await this.log.append(work, room, {
        type: 'task.released',
        actor: actorOf(caller),
        data: { task: presented, reason: 'released', note: request.reason },
      });
      await this.paths.givenUp(work, room, task);
      return presented;
    });
  }

  /**
   * Says that the task cannot be done. One that may be tried again is open to every agent of the room; if the agent says when it
   * can go on, it stays its own until another takes it.
   */
  fail(caller: AgentCaller, request: FailTask): Promise<Task> {
    return this.ending('fail_task', caller, request, async (work, room, task) => {
      const until =
        request.until === undefined ? null : requireWait(request.retryable, new Date(request.until), work.now);
      task.endLease();
      task.failure = request.reason;
      task.waitsUntil = until;
      advance(task, request.retryable ? 'reopen' : 'give_up');
      if (request.retryable && !until) {
        task.assignedToId = null;
        task.assignedToName = null;
      }
      const failed = await this.tell(work, room, task, 'task.failed', caller);
      await (request.retryable ? this.paths.givenUp(work, room, task) : this.paths.finished(work, task));
      return failed;
    });
  }

  /** Offers the tasks again whose agents can go on now. */
  async offerDue(): Promise<void> {
    for (const { id, roomId } of await this.tasks.dueAgain(this.clock.now())) {
      await this.unitOfWork.run(async (work) => {
        const [room] = await this.rooms.holdAll(work, [roomId]);
        const task = await work.manager.findOneBy(TaskEntity, { id });
        if (room && task?.waitsUntil && task.waitsUntil <= work.now) {
          task.waitsUntil = null;
          await this.tasks.save(work, task);
          await this.log.append(work, room, { type: 'task.updated', actor: SYSTEM, data: { task: presentTask(task) } });
          await this.desk.offer(work, room, task);
        }
      });
    }
  }

  /** Reopens every task whose holder fell silent. */
  async expireLeases(): Promise<void> {
    for (const { id, roomId } of await this.tasks.expired(this.clock.now())) {
      await this.unitOfWork.run(async (work) => {
        const [room] = await this.rooms.holdAll(work, [roomId]);
        const task = await work.manager.findOneBy(TaskEntity, { id });
        if (room && task && (await this.endIfOver(work, room, task))) {
          await this.desk.offer(work, room, task);
        }
      });
    }
  }

  /** Takes back everything from an agent that left the room. */
  async takeBackFrom(roomId: string, agentId: string, name: string): Promise<void> {
    await this.unitOfWork.run(async (work) => {
      const [room] = await this.rooms.holdAll(work, [roomId]);
      if (!room || (await readMembers(work.manager, roomId, agentId)).length > 0) {
        return; // it is back already
      }
      const tasks = await work.manager.findBy(TaskEntity, {
        roomId,
        assignedToId: agentId,
        state: In(['open', 'claimed', 'in_progress', 'changes_requested']),
      });
      for (const task of tasks) {
        task.assignedToId = null;
        task.assignedToName = null;
        await this.reopen(work, room, task, 'agent_left', `${name} left the room`);
      }
    });
  }

  /** Ends the leases of an agent that is to rest, or of all agents of the room. What was given to them waits for them. */
  async takeBackFromResting(roomId: string, agentId: string | null): Promise<void> {
    await this.unitOfWork.run(async (work) => {
      const [room] = await this.rooms.holdAll(work, [roomId]);
      const leased = { roomId, leaseHolderId: agentId ?? Not(IsNull()) };
      for (const task of room ? await work.manager.findBy(TaskEntity, leased) : []) {
        if (task.leaseHolderId && (await this.rests(work, roomId, task.leaseHolderId))) {
          await this.reopen(work, room!, task, 'agent_paused', 'The agent is to rest');
        }
      }
    });
  }

  /** Ends every lease of a room that was archived: whoever holds one is told to stop. */
  async takeBackAll(roomId: string): Promise<void> {
    await this.unitOfWork.run(async (work) => {
      const [room] = await this.rooms.holdAll(work, [roomId]);
      if (!room?.archivedAt) {
        return; // it is open again already
      }
      for (const task of await work.manager.findBy(TaskEntity, { roomId, leaseId: Not(IsNull()) })) {
        await this.reopen(work, room, task, 'room_archived', 'The room was archived');
      }
    });
  }

  /** Reopens the task if its lease ran out; answers whether it did. Whoever asks for the task need not wait until somebody looks. */
  private async endIfOver(work: Work, room: RoomEntity, task: TaskEntity): Promise<boolean> {
    const isOver = task.leaseExpiresAt !== null && task.leaseExpiresAt <= work.now;
    if (isOver) {
      await this.reopen(work, room, task, 'lease_expired', `${task.leaseHolderName ?? 'The agent'} fell silent`);
    }
    return isOver;
  }

  private async reopen(
    work: Work,
    room: RoomEntity,
    task: TaskEntity,
    reason: 'lease_expired' | 'agent_left' | 'agent_paused' | 'room_archived',
    note: string,
  ): Promise<void> {
    const { leaseHolderId } = task;
    this.desk.revokeAfterCommit(work, task, note);
    task.endLease();
    advance(task, 'reopen');
    await this.tasks.save(work, task);
    await this.log.append(work, room, {
      type: 'task.released',
      actor: SYSTEM,
      data: { task: presentTask(task), reason, note },
    });
    await this.paths.givenUp(work, room, task);
    await this.desk.offerWhatWaited(work, room, leaseHolderId);
  }

  private async rests(work: Work, roomId: string, agentId: string): Promise<boolean> {
    const standing = await this.rooms.standingOf(roomId, [agentId], work.manager);
    return !standing.get(agentId)?.abilities.includes('push');
  }

  /** Like `once`, for what ends the lease: there is room for another task. */
  private ending(name: string, caller: AgentCaller, request: UnderLease, useCase: UseCase): Promise<Task> {
    return this.once(name, caller, request, async (work, room, task, limits) => {
      const ended = await useCase(work, room, task, limits);
      await this.desk.offerWhatWaited(work, room, caller.agentId);
      return ended;
    });
  }

  private once(name: string, caller: AgentCaller, request: UnderLease, useCase: UseCase): Promise<Task> {
    return this.unitOfWork.runOnce(
      { actorId: caller.id, commandId: request.commandId, name, request },
      async (work) => {
        const { room, task, limits } = await this.underLease(work, caller, request);
        return useCase(work, room, task, limits);
      },
      this.tasks.kept,
    );
  }

  /** The room, held, and the task, if the caller's lease on it is the living one. */
  async underLease(work: Work, caller: AgentCaller, { roomId, taskId, leaseId }: UnderLease) {
    const { room, limits } = await this.rooms.enter(work, caller, roomId, 'push');
    const task = await this.tasks.get(roomId, taskId, work.manager);
    const isLive =
      task.leaseId === leaseId &&
      task.leaseHolderId === caller.agentId &&
      task.leaseExpiresAt !== null &&
      task.leaseExpiresAt > work.now;
    if (!isLive) {
      throw new Refusal('lease_lost', 'You no longer hold this task. Stop, and push nothing.');
    }
    return { room, task, limits };
  }

  private async tell(
    work: Work,
    room: RoomEntity,
    task: TaskEntity,
    type: TaskNews,
    caller: AgentCaller,
  ): Promise<Task> {
    await this.tasks.save(work, task);
    const presented = presentTask(task);
    await this.log.append(work, room, { type, actor: actorOf(caller), data: { task: presented } });
    return presented;
  }

  private expiry(now: Date): Date {
    return new Date(now.getTime() + this.settings.taskLeaseSeconds * 1000);
  }
}

/** A wait that has an end, and is for something that may be tried again. */
function requireWait(isRetryable: boolean, until: Date, now: Date): Date {
  const wait = until.getTime() - now.getTime();
  if (!isRetryable || wait <= 0 || wait > LONGEST_WAIT_MS) {
    const message = isRetryable
      ? 'Use a time within the next 31 days'
      : 'Only what may be tried again can wait: say retryable';
    throw invalidInput([{ path: ['until'], message }]);
  }
  return until;
}
