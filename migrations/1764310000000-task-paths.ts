import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = [
  `CREATE TABLE task_paths (
     task_id uuid PRIMARY KEY REFERENCES tasks (id) ON DELETE CASCADE,
     room_id uuid NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
     claimed text[] NOT NULL DEFAULT '{}',
     claimed_by jsonb,
     branch text,
     head varchar(40),
     base varchar(40),
     touched text[] NOT NULL DEFAULT '{}',
     touched_total integer
   )`,
  `CREATE INDEX task_paths_room_idx ON task_paths (room_id, branch)`,
  // The one has the lower number in its room.
  `CREATE TABLE task_conflicts (
     one_id uuid NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
     other_id uuid NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
     room_id uuid NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
     kind varchar(20) NOT NULL CHECK (kind IN ('claimed', 'touched', 'unmergeable')),
     paths text[] NOT NULL,
     total integer NOT NULL,
     clash text[],
     PRIMARY KEY (one_id, other_id),
     CHECK ((kind = 'unmergeable') = (clash IS NOT NULL))
   )`,
  `CREATE INDEX task_conflicts_other_idx ON task_conflicts (other_id)`,
  `CREATE INDEX task_conflicts_room_idx ON task_conflicts (room_id)`,
];

/** What tasks touch, as somebody says or as their branches show, and which of them get in each other's way. */
export class TaskPaths1764310000000 implements MigrationInterface {
  name = 'TaskPaths1764310000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) {
      await runner.query(statement);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE task_conflicts`);
    await runner.query(`DROP TABLE task_paths`);
  }
}
