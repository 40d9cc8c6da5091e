import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = [
  // Public halves only. A key belongs to one agent for ever, also once it is revoked.
  `CREATE TABLE agent_keys (
     id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
     agent_id uuid NOT NULL REFERENCES agents (id) ON DELETE CASCADE,
     public_key varchar(100) NOT NULL CONSTRAINT agent_keys_public_key_key UNIQUE,
     fingerprint varchar(60) NOT NULL,
     created_at timestamptz(3) NOT NULL,
     revoked_at timestamptz(3)
   )`,
  `CREATE INDEX agent_keys_agent_idx ON agent_keys (agent_id, created_at)`,
  // What the agent says it ran before it handed the work in
  `ALTER TABLE tasks ADD COLUMN checks jsonb NOT NULL DEFAULT '[]'::jsonb`,
];

const DOWN = [`ALTER TABLE tasks DROP COLUMN checks`, `DROP TABLE agent_keys`];

/** Keys by which agents sign what they commit, and the checks that came with work. */
export class AgentKeys1764200000000 implements MigrationInterface {
  name = 'AgentKeys1764200000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) {
      await runner.query(statement);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) {
      await runner.query(statement);
    }
  }
}
