import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = [
  // Whom of the room's agents an entry is meant for, and how far to rely on its actor where their kind alone does not say.
  `ALTER TABLE room_events ADD COLUMN addressed uuid[], ADD COLUMN trust varchar(20)`,
  // What is addressed to each agent, over all its rooms, in one sequence. Numbers are given out under the row of the inbox, so
  // that whoever has seen one number has seen all before it.
  `CREATE TABLE agent_inboxes (
     agent_id uuid PRIMARY KEY REFERENCES agents (id) ON DELETE CASCADE,
     epoch uuid NOT NULL DEFAULT gen_random_uuid(),
     last_number bigint NOT NULL CHECK (last_number > 0),
     acknowledged bigint NOT NULL DEFAULT 0,
     forgotten bigint NOT NULL DEFAULT 0,
     CHECK (acknowledged BETWEEN 0 AND last_number),
     CHECK (forgotten BETWEEN 0 AND last_number)
   )`,
  // References only: what was said is read where it stands, so that nothing that is taken back is left here. Like entries of the
  // log, items carry no foreign key to their room; whoever deletes it takes them along.
  `CREATE TABLE inbox_items (
     agent_id uuid NOT NULL REFERENCES agent_inboxes (agent_id) ON DELETE CASCADE,
     number bigint NOT NULL,
     kind varchar(30) NOT NULL,
     room_id uuid NOT NULL,
     seq bigint,
     direct_message_id uuid,
     created_at timestamptz(3) NOT NULL,
     PRIMARY KEY (agent_id, number),
     CHECK (seq IS NULL OR direct_message_id IS NULL)
   )`,
  `CREATE INDEX inbox_items_entry_idx ON inbox_items (room_id, seq)`,
  `CREATE INDEX inbox_items_direct_idx ON inbox_items (direct_message_id) WHERE direct_message_id IS NOT NULL`,
  `CREATE INDEX inbox_items_time_idx ON inbox_items (created_at)`,
];

/** Whom entries are meant for, and each agent's inbox. */
export class AgentInbox1764320000000 implements MigrationInterface {
  name = 'AgentInbox1764320000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) {
      await runner.query(statement);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE inbox_items');
    await runner.query('DROP TABLE agent_inboxes');
    await runner.query('ALTER TABLE room_events DROP COLUMN trust, DROP COLUMN addressed');
  }
}
