import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = [
  `ALTER TABLE tasks
     ADD COLUMN review jsonb,
     ADD COLUMN parent_id uuid REFERENCES tasks (id) ON DELETE SET NULL,
     ADD COLUMN depends_on uuid[] NOT NULL DEFAULT '{}'`,
  `CREATE INDEX tasks_parent_idx ON tasks (parent_id) WHERE parent_id IS NOT NULL`,
  `CREATE INDEX tasks_branch_idx ON tasks (room_id, branch) WHERE state IN ('in_review', 'approved')`,
  `CREATE INDEX tasks_depends_on_idx ON tasks USING gin (depends_on) WHERE state NOT IN ('done', 'cancelled', 'failed')`,
];

/** What reviewers said of the work that was handed in, and which tasks wait for which. */
export class ReviewsAndDependencies1764250000000 implements MigrationInterface {
  name = 'ReviewsAndDependencies1764250000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) {
      await runner.query(statement);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX tasks_depends_on_idx`);
    await runner.query(`DROP INDEX tasks_branch_idx`);
    await runner.query(`DROP INDEX tasks_parent_idx`);
    await runner.query(`ALTER TABLE tasks DROP COLUMN review, DROP COLUMN parent_id, DROP COLUMN depends_on`);
  }
}
