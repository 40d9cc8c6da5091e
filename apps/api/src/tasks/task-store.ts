import { FINISHED_TASK_STATES, type Lease, SNAPSHOT_LIMITS, type Task } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { ArrayContains, DataSource, type EntityManager, In, IsNull, MoreThan, Not } from 'typeorm';
import type { KeptByName, Work } from '../platform/database/unit-of-work.js';
import { notFound } from '../platform/errors/refusal.js';
import { AgentUses, RoomSnapshot } from '../rooms/index.js';
import type { DependencyGraph } from './domain/dependencies.js';
import { TaskEntity } from './task.entity.js';
import { presentLease, presentTask } from './task.presenter.js';

/** Reads and writes tasks. Whoever writes holds the room, so a task never changes under one's hands. */
@Injectable()
export class TaskStore {
  constructor(
    private readonly dataSource: DataSource,
    snapshots: RoomSnapshot,
    uses: AgentUses,
  ) {
    uses.contribute((manager, agentIds, roomIds, now) => this.heldBy(manager, agentIds, roomIds, now));
    snapshots.contribute('tasks', (manager, roomId) => this.snapshot(manager, roomId));
  }

  /** Replies about tasks are kept by the task's name: what a task says may have to be taken back. */
  readonly kept: KeptByName<Task> = {
    name: ({ roomId, id }) => ({ roomId, taskId: id }),
    read: async (manager, name) => {
      const { roomId, taskId } = name as { roomId: string; taskId: string };
      return presentTask(await this.get(roomId, taskId, manager));
    },
  };

  /** The leases that the agent holds in the room. */
  async leasesOf(roomId: string, agentId: string): Promise<Lease[]> {
    const held = await this.dataSource.manager.findBy(TaskEntity, { roomId, leaseHolderId: agentId });
    return held.map(presentLease);
  }

  async get(roomId: string, taskId: string, manager: EntityManager = this.dataSource.manager): Promise<TaskEntity> {
    const task = await manager.findOneBy(TaskEntity, { id: taskId, roomId });
    if (!task) {
      throw notFound('task');
    }
    return task;
  }

  /** The tasks whose work a person has approved, by number. */
  async approvedIn(roomId: string, manager: EntityManager): Promise<Task[]> {
    const approved = await manager.find(TaskEntity, { where: { roomId, state: 'approved' }, order: { number: 'ASC' } });
    return approved.map(presentTask);
  }

  /** The first task that a message of a held room has become. */
  madeFrom({ manager }: Work, sourceMessageId: string): Promise<TaskEntity | null> {
    return manager.findOne(TaskEntity, { where: { sourceMessageId }, order: { number: 'ASC' } });
  }

  /** Whether this lease on the task is the agent's, as far as can be told without holding the room. */
  isHeldBy(agentId: string, { roomId, taskId, leaseId }: { roomId: string; taskId: string; leaseId: string }) {
    return this.dataSource.manager.existsBy(TaskEntity, { id: taskId, roomId, leaseId, leaseHolderId: agentId });
  }

  /** All unfinished tasks and the newest finished ones, by number. */
  async snapshot(manager: EntityManager, roomId: string): Promise<Task[]> {
    const finished = [...FINISHED_TASK_STATES];
    const unfinished = await manager.findBy(TaskEntity, { roomId, state: Not(In(finished)) });
    const newest = await manager.find(TaskEntity, {
      where: { roomId, state: In(finished) },
      order: { updatedAt: 'DESC', number: 'DESC' },
      take: SNAPSHOT_LIMITS.finishedTasks,
    });
    return [...unfinished, ...newest].sort((a, b) => a.number - b.number).map(presentTask);
  }

  list(roomId: string): Promise<Task[]> {
    return this.snapshot(this.dataSource.manager, roomId);
  }

  /** The next number in the room, which is held. */
  async nextNumber({ manager }: Work, roomId: string): Promise<number> {
    const [row] = await manager.query<[{ last_task_number: number }[], number]>(
      `UPDATE rooms SET last_task_number = last_task_number + 1 WHERE id = $1 RETURNING last_task_number`,
      [roomId],
    );
    return row[0]?.last_task_number ?? 1;
  }

  async save({ manager, now }: Work, task: TaskEntity): Promise<void> {
    task.updatedAt = now;
    await manager.save(task);
  }

  /** Takes a message out of what the room's tasks keep of the conversation. */
  async dropFromContexts({ manager }: Work, roomId: string, messageId: string): Promise<void> {
    await manager.query(
      `UPDATE tasks SET context = coalesce(
         (SELECT jsonb_agg(message ORDER BY place) FROM jsonb_array_elements(context) WITH ORDINALITY AS kept (message, place)
          WHERE message ->> 'messageId' <> $2), '[]')
       WHERE room_id = $1 AND context @> jsonb_build_array(jsonb_build_object('messageId', $2::text))`,
      [roomId, messageId],
    );
  }

  /** How many tasks the agent holds in the room; a lease that is over holds nothing. */
  countHeld({ manager, now }: Pick<Work, 'manager' | 'now'>, roomId: string, agentId: string): Promise<number> {
    return manager.countBy(TaskEntity, { roomId, leaseHolderId: agentId, leaseExpiresAt: MoreThan(now) });
  }

  /** The tasks in the room of which the agent has the living lease. */
  async heldIds(roomId: string, agentId: string, now: Date): Promise<string[]> {
    const held = await this.dataSource.manager.find(TaskEntity, {
      select: { id: true },
      where: { roomId, leaseHolderId: agentId, leaseExpiresAt: MoreThan(now) },
    });
    return held.map(({ id }) => id);
  }

  /** The unfinished tasks whose work is on the branch: handed in from it, or seen to be pushed to it. */
  async idsOfBranch(roomId: string, branch: string): Promise<string[]> {
    const rows = await this.dataSource.query<{ id: string }[]>(
      `SELECT task.id FROM tasks task LEFT JOIN task_paths paths ON paths.task_id = task.id
        WHERE task.room_id = $1 AND task.state <> ALL ($3) AND (task.branch = $2 OR paths.branch = $2)`,
      [roomId, branch, FINISHED_TASK_STATES],
    );
    return rows.map(({ id }) => id);
  }

  /** Takes what an issue said out of the tasks that were made from it. */
  async forgetIssue(work: Work, roomId: string, issueId: string): Promise<void> {
    await this.dropFromContexts(work, roomId, issueId);
    await work.manager.query(`UPDATE tasks SET issue = issue || '{"title": ""}' WHERE room_id = $1 AND issue_id = $2`, [
      roomId,
      issueId,
    ]);
  }

  /** How many of these tasks are not done: what waits for a task that was called off waits until somebody says otherwise. */
  countUnfinished({ manager }: Work, ids: readonly string[]): Promise<number> {
    return ids.length === 0
      ? Promise.resolve(0)
      : manager.countBy(TaskEntity, { id: In([...ids]), state: Not('done') });
  }

  /** The tasks that wait for this one. */
  waitingForTask({ manager }: Work, { id, roomId }: TaskEntity): Promise<TaskEntity[]> {
    return manager.findBy(TaskEntity, {
      roomId,
      dependsOn: ArrayContains([id]),
      state: Not(In([...FINISHED_TASK_STATES])),
    });
  }

  /** What the room's tasks wait for. */
  async dependencies({ manager }: Work, roomId: string): Promise<DependencyGraph> {
    const rows = await manager.query<{ id: string; depends_on: string[] }[]>(
      `SELECT id, depends_on FROM tasks WHERE room_id = $1 AND depends_on <> '{}'`,
      [roomId],
    );
    return new Map(rows.map(({ id, depends_on }) => [id, depends_on]));
  }

  /** What waits for an agent: given to it, not yet taken and free to be done, in rooms where something still happens. */
  waitingFor(agentId: string, manager: EntityManager = this.dataSource.manager): Promise<TaskEntity[]> {
    return manager
      .createQueryBuilder(TaskEntity, 'task')
      .where({ assignedToId: agentId, state: In(['open', 'changes_requested']), waitsUntil: IsNull() })
      .andWhere(
        `EXISTS (SELECT FROM rooms room JOIN room_members seat ON seat.room_id = room.id AND seat.agent_id = :agentId
                  WHERE room.id = task.room_id AND room.archived_at IS NULL AND seat.paused_at IS NULL
                    AND NOT coalesce((room.settings ->> 'agentsPaused')::boolean, false))`,
        { agentId },
      )
      .andWhere(`NOT EXISTS (SELECT FROM tasks first WHERE first.id = ANY (task.depends_on) AND first.state <> 'done')`)
      .orderBy('task.createdAt')
      .take(100)
      .getMany();
  }

  /** Agents with tasks that wait for them and were not offered so far, and where. */
  async unoffered(): Promise<{ roomId: string; agentId: string }[]> {
    return this.dataSource.query(
      `SELECT DISTINCT task.room_id AS "roomId", task.assigned_to_id AS "agentId"
         FROM tasks task JOIN room_members seat ON seat.room_id = task.room_id AND seat.agent_id = task.assigned_to_id
         JOIN rooms room ON room.id = task.room_id
        WHERE task.state IN ('open', 'changes_requested') AND task.receipt IS NULL AND task.waits_until IS NULL AND room.archived_at IS NULL
          AND seat.paused_at IS NULL AND NOT coalesce((room.settings ->> 'agentsPaused')::boolean, false)
          AND NOT EXISTS (SELECT FROM tasks first WHERE first.id = ANY (task.depends_on) AND first.state <> 'done')
        LIMIT 500`,
    );
  }

  private async heldBy(manager: EntityManager, agentIds: readonly string[], roomIds: readonly string[], now: Date) {
    const rows = await manager.query<{ agent_id: string; room_id: string; tasks: number }[]>(
      `SELECT lease_holder_id AS agent_id, room_id, count(*)::integer AS tasks FROM tasks
        WHERE lease_holder_id = ANY ($1::uuid[]) AND room_id = ANY ($2::uuid[]) AND lease_expires_at > $3
        GROUP BY lease_holder_id, room_id`,
      [agentIds, roomIds, now],
    );
    return (agentId: string, roomId: string) =>
      rows.find((row) => row.agent_id === agentId && row.room_id === roomId)?.tasks ?? 0;
  }

  /** Tasks whose agent can go on, without holding them. */
  async dueAgain(now: Date): Promise<{ id: string; roomId: string }[]> {
    return this.dataSource.query(
      `SELECT id, room_id AS "roomId" FROM tasks WHERE waits_until <= $1 ORDER BY waits_until LIMIT 500`,
      [now],
    );
  }

  /** Tasks whose lease has run out, without holding them. */
  async expired(now: Date): Promise<{ id: string; roomId: string }[]> {
    return this.dataSource.query(
      `SELECT id, room_id AS "roomId" FROM tasks WHERE lease_id IS NOT NULL AND lease_expires_at <= $1 ORDER BY lease_expires_at LIMIT 500`,
      [now],
    );
  }
}
