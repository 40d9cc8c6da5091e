import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Agents that are told to rest in a room, until somebody lets them go on. */
export class PausedAgents1764270000000 implements MigrationInterface {
  name = 'PausedAgents1764270000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE room_members ADD COLUMN paused_at timestamptz(3), ADD CHECK (paused_at IS NULL OR agent_id IS NOT NULL)`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE room_members DROP COLUMN paused_at`);
  }
}
