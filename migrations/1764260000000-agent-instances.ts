import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which run of an agent is the living one: each new run has a higher generation than those it takes over from. */
export class AgentInstances1764260000000 implements MigrationInterface {
  name = 'AgentInstances1764260000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE agents ADD COLUMN instance varchar(100), ADD COLUMN generation integer NOT NULL DEFAULT 0`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE agents DROP COLUMN instance, DROP COLUMN generation`);
  }
}
