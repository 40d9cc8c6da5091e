import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The issues of rooms' repositories, and the tasks that were made from them. */
export class Issues1764331000000 implements MigrationInterface {
  name = 'Issues1764331000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE issues (
         id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
         room_id uuid NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
         provider varchar(50) NOT NULL CHECK (provider IN ('github', 'gitlab')),
         repo_id varchar(255) NOT NULL,
         number integer NOT NULL,
         title text NOT NULL,
         body text NOT NULL DEFAULT '',
         state varchar(20) NOT NULL CHECK (state IN ('open', 'closed', 'gone')),
         labels text[] NOT NULL DEFAULT '{}',
         author jsonb NOT NULL,
         url text,
         created_at timestamptz(3) NOT NULL,
         updated_at timestamptz(3) NOT NULL,
         UNIQUE (room_id, provider, repo_id, number)
       )`,
    );
    await runner.query(
      `ALTER TABLE tasks ADD COLUMN issue_id uuid REFERENCES issues (id) ON DELETE SET NULL, ADD COLUMN issue jsonb`,
    );
    await runner.query(`CREATE INDEX tasks_issue_idx ON tasks (issue_id) WHERE issue_id IS NOT NULL`);
    await runner.query(
      `CREATE UNIQUE INDEX tasks_unfinished_issue_key ON tasks (issue_id)
       WHERE issue_id IS NOT NULL AND state NOT IN ('done', 'cancelled', 'failed')`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE tasks DROP COLUMN issue, DROP COLUMN issue_id`);
    await runner.query(`DROP TABLE issues`);
  }
}
