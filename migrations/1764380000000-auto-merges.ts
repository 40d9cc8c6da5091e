import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the server did to merge a pull request by itself, and who does it right now. */
export class AutoMerges1764380000000 implements MigrationInterface {
  name = 'AutoMerges1764380000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE pull_requests ADD COLUMN auto_merge jsonb`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE pull_requests DROP COLUMN auto_merge`);
  }
}
