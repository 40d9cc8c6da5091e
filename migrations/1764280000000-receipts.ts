import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How far the offer of a task has come with the agent it is given to. */
export class Receipts1764280000000 implements MigrationInterface {
  name = 'Receipts1764280000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE tasks ADD COLUMN receipt jsonb`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE tasks DROP COLUMN receipt`);
  }
}
