import type { MigrationInterface, QueryRunner } from 'typeorm';

const statesAre = (states: string): string =>
  `ALTER TABLE approvals DROP CONSTRAINT approvals_state_check, ADD CONSTRAINT approvals_state_check CHECK (state IN (${states}))`;

/** An agent may say that a step it asked leave for needs none any more. */
export class WithdrawnApprovals1764410000000 implements MigrationInterface {
  name = 'WithdrawnApprovals1764410000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(statesAre(`'pending', 'approved', 'rejected', 'withdrawn'`));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DELETE FROM approvals WHERE state = 'withdrawn'`);
    await runner.query(statesAre(`'pending', 'approved', 'rejected'`));
  }
}
