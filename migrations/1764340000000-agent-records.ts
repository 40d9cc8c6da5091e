import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What an owner asks of one agent: what it did, and how much it said. People's entries are in neither index. */
export class AgentRecords1764340000000 implements MigrationInterface {
  name = 'AgentRecords1764340000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE INDEX room_events_deeds_idx ON room_events (
         (coalesce(payload #>> '{task,assignedTo,id}', payload #>> '{approval,agent,id}', actor_id::text)), created_at DESC, id DESC)
       WHERE type IN ('agent.claimed_task', 'task.submitted', 'task.reviewed', 'task.completed', 'task.released', 'task.failed',
         'task.cancelled', 'approval.requested', 'approval.decided')`,
    );
    await runner.query(
      `CREATE INDEX messages_of_agents_idx ON messages (author_id, created_at, room_id) WHERE author_type = 'agent'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX messages_of_agents_idx`);
    await runner.query(`DROP INDEX room_events_deeds_idx`);
  }
}
