import type { MigrationInterface, QueryRunner } from 'typeorm';
import { STORE_MESSAGES as STORE_MESSAGES_BEFORE } from './1763900000000-message-lane.js';

/**
 * Stores plain messages of many rooms at once. Each list from `places` on has an element for each message, in the order in which
 * they were said; `places` says which of `room_ids` is its room, from 1. `room_ids` have the order in which everybody locks rooms.
 * The answer tells the stored by their number, from 0. What it leaves out it did not touch, and the ordinary transaction of one
 * message has to decide. `rules` carries what the code knows: `trust`, by the voices that may chat, and `settings`, as they are
 * where a room has set nothing. `payloads` are as the log keeps them, of authors whose trust is `member`; they and `views`, which
 * may be empty, are separated by U+001F.
 *
 * It is a function for the sake of its second statement: that one sees what was committed while the first waited for the
 * rooms, so that a removal or a mute that came before us wins. In a single statement it would read the past. What the rooms
 * themselves say comes from the first, which has waited for them.
 *
 * Its plans are made once, perhaps while the tables are empty, and kept. What is switched off and each OFFSET 0 leave the planner
 * one way only, which is good for any size: a look into the index for each room and each message.
 */
const STORE_MESSAGES = `
CREATE FUNCTION store_messages(
  room_ids uuid[], rules jsonb, said_at timestamptz,
  places integer[], ids uuid[], author_ids uuid[], author_types text[], author_names text[], bodies text[], visibilities text[],
  client_message_ids text[], payloads text, views text
) RETURNS TABLE (number integer, seq bigint, public_seq bigint, trust text, epoch uuid, created_at timestamptz)
LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
SET enable_bitmapscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
SET lock_timeout = '500ms'
AS $$
#variable_conflict use_column
DECLARE
  rooms_held record; -- an array for each column, with an element for each of room_ids
BEGIN
  SELECT array_agg(room.epoch ORDER BY place) AS epochs,
         -- Null: nothing is said there by this way
         array_agg(CASE WHEN room.archived_at IS NULL AND (rules -> 'settings' || room.settings -> 'slowModeSeconds')::integer = 0
                        THEN room.last_seq END ORDER BY place) AS seqs,
         -- Null: nobody watches
         array_agg(CASE WHEN room.visibility = 'public' AND (rules -> 'settings' || room.settings -> 'spectatorAllowed')::boolean
                        THEN room.last_public_seq END ORDER BY place) AS public_seqs,
         array_agg((rules -> 'settings' || room.settings -> 'linkPreviews')::boolean ORDER BY place) AS follow_links,
         -- Clocks of several servers differ, the order of a room does not.
         array_agg(greatest(said_at, room.last_event_at) ORDER BY place) AS moments
  INTO rooms_held
  FROM (
    SELECT wanted.place, room.* FROM unnest(room_ids) WITH ORDINALITY AS wanted (id, place)
    CROSS JOIN LATERAL (SELECT * FROM rooms WHERE rooms.id = wanted.id OFFSET 0 FOR NO KEY UPDATE) room OFFSET 0
  ) room;

  RETURN QUERY
  WITH placed AS MATERIALIZED (
    SELECT one.*, room_ids[one.place] AS room_id, seat.trust, rooms_held.moments[one.place] AS at,
           rooms_held.seqs[one.place] + row_number() OVER spoken AS seq,
           CASE WHEN view IS NOT NULL THEN rooms_held.public_seqs[one.place] + count(view) OVER spoken END AS public_seq
    FROM unnest(places, ids, author_ids, author_types, author_names, bodies, visibilities, client_message_ids,
                string_to_array(payloads, E'\\x1f')::jsonb[], string_to_array(views, E'\\x1f', '')::jsonb[])
         WITH ORDINALITY
         AS one (place, id, author_id, author_type, author_name, body, visibility, client_message_id, payload, view, number)
    CROSS JOIN LATERAL (
      SELECT rules -> 'trust' ->> CASE seat.member_type WHEN 'agent' THEN 'agent' ELSE seat.role END AS trust
      FROM room_members seat
      WHERE seat.room_id = room_ids[one.place] AND seat.member_id = one.author_id
        AND (seat.muted_until IS NULL OR seat.muted_until <= said_at)
      OFFSET 0
    ) seat
    WHERE seat.trust IS NOT NULL AND rooms_held.seqs[one.place] IS NOT NULL
      AND NOT (rooms_held.follow_links[one.place] AND one.body LIKE '%://%')
      AND (one.client_message_id IS NULL OR NOT EXISTS (
            SELECT FROM messages known
            WHERE known.author_id = one.author_id AND known.client_message_id = one.client_message_id OFFSET 0))
    WINDOW spoken AS (PARTITION BY one.place ORDER BY one.number)
  ),
  heads AS (
    UPDATE rooms SET
      last_seq = grown.seq,
      last_public_seq = coalesce(grown.public_seq, last_public_seq),
      last_event_at = grown.at,
      -- To five seconds: whatever changes an indexed column puts the row into every index of its table again
      last_activity_at = CASE WHEN (grown.public_seq IS NOT NULL OR visibility = 'private') AND at > last_activity_at + interval '5 seconds'
                              THEN at ELSE last_activity_at END
    FROM (SELECT room_id, at, max(seq) AS seq, max(public_seq) AS public_seq FROM placed GROUP BY room_id, at) grown
    WHERE rooms.id = grown.room_id
  ),
  entries AS (
    INSERT INTO room_events (room_id, seq, id, type, actor_type, actor_id, actor_name, visibility, payload, public_seq, public_payload, created_at)
    SELECT room_id, seq, id, 'chat.message', author_type, author_id, author_name,
           CASE WHEN public_seq IS NULL THEN 'members' ELSE 'public' END,
           CASE trust WHEN 'member' THEN payload ELSE jsonb_set(payload, '{message,trust}', to_jsonb(trust)) END,
           public_seq, CASE WHEN public_seq IS NOT NULL THEN view END, at
    FROM placed
  ),
  texts AS (
    INSERT INTO messages (id, room_id, seq, author_type, author_id, author_name, body, visibility, trust, client_message_id, created_at)
    SELECT id, room_id, seq, author_type, author_id, author_name, body, visibility, trust, client_message_id, at
    FROM placed ORDER BY author_id, client_message_id -- two servers that are sent the same messages wait for each other in one direction only
  )
  SELECT number::integer - 1, seq, public_seq, trust, rooms_held.epochs[place], at FROM placed;
END $$`;

const UP = [
  // Whoever adds to a room holds its row, so the room is there: to look for it once more for each row is wasted.
  `ALTER TABLE room_events DROP CONSTRAINT room_events_room_id_fkey`,
  `ALTER TABLE messages DROP CONSTRAINT messages_room_id_fkey`,
  `CREATE FUNCTION forget_what_was_said() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN
     DELETE FROM messages WHERE room_id = OLD.id;
     DELETE FROM room_events WHERE room_id = OLD.id;
     RETURN NULL;
   END $$`,
  `CREATE TRIGGER rooms_take_along_what_was_said AFTER DELETE ON rooms FOR EACH ROW EXECUTE FUNCTION forget_what_was_said()`,
  // An entry is found by its room and place
  `ALTER TABLE room_events DROP CONSTRAINT room_events_id_key`,
  // Time in a room never goes back
  `ALTER TABLE rooms ADD COLUMN last_event_at timestamptz(3)`,
  `UPDATE rooms SET last_event_at = coalesce(
     (SELECT last.created_at FROM room_events last WHERE last.room_id = rooms.id ORDER BY last.seq DESC LIMIT 1), created_at)`,
  `ALTER TABLE rooms ALTER COLUMN last_event_at SET DEFAULT now(), ALTER COLUMN last_event_at SET NOT NULL`,
  `DROP FUNCTION store_messages`,
  STORE_MESSAGES,
];

const DOWN = [
  `DROP FUNCTION store_messages`,
  STORE_MESSAGES_BEFORE,
  // Entries had all of a message
  `UPDATE room_events SET payload = jsonb_build_object('message', jsonb_build_object(
       'mentions', '[]'::jsonb, 'mentionsHere', false, 'visibility', 'public', 'trust', 'member', 'replyTo', null, 'threadId', null, 'thread', null,
       'attachments', '[]'::jsonb, 'preview', null, 'reactions', '[]'::jsonb, 'clientMessageId', null,
       'editedAt', null, 'deletedAt', null, 'pinnedAt', null)
     || payload -> 'message' || jsonb_build_object(
       'type', 'chat_message', 'id', id, 'roomId', room_id, 'seq', seq, 'userId', actor_id,
       'author', jsonb_build_object('type', actor_type, 'id', actor_id, 'name', actor_name),
       'timestamp', to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')))
   WHERE type = 'chat.message'`,
  `ALTER TABLE rooms DROP COLUMN last_event_at`,
  `ALTER TABLE room_events ADD CONSTRAINT room_events_id_key UNIQUE (id)`,
  `DROP TRIGGER rooms_take_along_what_was_said ON rooms`,
  `DROP FUNCTION forget_what_was_said`,
  ...['messages', 'room_events'].map(
    (table) =>
      `ALTER TABLE ${table} ADD CONSTRAINT ${table}_room_id_fkey FOREIGN KEY (room_id) REFERENCES rooms (id) ON DELETE CASCADE`,
  ),
];

/** Of each message the log keeps what no column says, and the database looks for nothing twice. */
export class LeanLog1764000000000 implements MigrationInterface {
  name = 'LeanLog1764000000000';

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
