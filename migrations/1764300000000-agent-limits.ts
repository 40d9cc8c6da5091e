import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = [
  // What an agent is held to: by its owner in all rooms (without a room) or in one, and by whoever looks after a room.
  // It stays when the agent leaves the room: leaving lifts no limit.
  `CREATE TABLE agent_limits (
     agent_id uuid NOT NULL REFERENCES agents (id) ON DELETE CASCADE,
     room_id uuid REFERENCES rooms (id) ON DELETE CASCADE,
     set_by varchar(20) NOT NULL CHECK (set_by IN ('owner', 'room')),
     limits jsonb NOT NULL,
     CONSTRAINT agent_limits_key UNIQUE NULLS NOT DISTINCT (agent_id, room_id, set_by),
     CHECK (room_id IS NOT NULL OR set_by = 'owner')
   )`,
  `CREATE INDEX agent_limits_room_idx ON agent_limits (room_id)`,

  // What an agent has used of what it may do in an hour. What is older is removed by the next use.
  `CREATE TABLE agent_uses (
     room_id uuid NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
     agent_id uuid NOT NULL REFERENCES agents (id) ON DELETE CASCADE,
     kind varchar(20) NOT NULL CHECK (kind IN ('message', 'mention', 'task', 'notice')),
     used_at timestamptz(3) NOT NULL
   )`,
  `CREATE INDEX agent_uses_idx ON agent_uses (room_id, agent_id, kind, used_at)`,
  `CREATE INDEX agent_uses_agent_idx ON agent_uses (agent_id)`,
];

/** Limits of agents, and what they have used of them. */
export class AgentLimits1764300000000 implements MigrationInterface {
  name = 'AgentLimits1764300000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) {
      await runner.query(statement);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE agent_uses, agent_limits`);
  }
}
