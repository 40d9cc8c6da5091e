import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tasks that wait for their agent until it can go on. */
export class WaitingTasks1764321000000 implements MigrationInterface {
  name = 'WaitingTasks1764321000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE tasks ADD COLUMN waits_until timestamptz(3)`);
    await runner.query(`CREATE INDEX tasks_waiting_idx ON tasks (waits_until) WHERE waits_until IS NOT NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE tasks DROP COLUMN waits_until`);
  }
}
