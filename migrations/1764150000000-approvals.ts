import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = [
  // Steps that agents do not take without leave. What is asked under a lease that has ended since need not be decided.
  `CREATE TABLE approvals (
     id uuid PRIMARY KEY,
     room_id uuid NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
     task_id uuid NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
     lease_id uuid NOT NULL,
     approval_id varchar(100) NOT NULL,
     agent_id uuid NOT NULL REFERENCES agents (id) ON DELETE CASCADE,
     agent_name text NOT NULL,
     owner_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
     owner_name text NOT NULL,
     kind varchar(20) NOT NULL CHECK (kind IN ('execute', 'edit', 'read', 'network', 'other')),
     title text NOT NULL,
     detail text NOT NULL,
     state varchar(20) NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'approved', 'rejected')),
     decided_by jsonb,
     note text NOT NULL DEFAULT '',
     requested_at timestamptz(3) NOT NULL,
     decided_at timestamptz(3),
     UNIQUE (task_id, lease_id, approval_id),
     CHECK ((state = 'pending') = (decided_at IS NULL))
   )`,
  `CREATE INDEX approvals_room_idx ON approvals (room_id, requested_at)`,
  `CREATE INDEX approvals_agent_idx ON approvals (agent_id)`,
  `CREATE INDEX approvals_owner_idx ON approvals (owner_id)`,
];

/** Approvals: what an agent asked leave for, and what was decided. */
export class Approvals1764150000000 implements MigrationInterface {
  name = 'Approvals1764150000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) {
      await runner.query(statement);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE approvals');
  }
}
