import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Stores plain messages of many rooms at once. `said` has an array for each of `room_ids`, in their order, which must be the order in
 * which everybody locks rooms; a message in it comes with its number, by which the answer tells those that were stored. What it
 * leaves out it did not touch, and the ordinary transaction of one message has to decide. `rules` carries what the code knows:
 * `trust`, by the voices that may chat, and `settings`, as they are where a room has set nothing.
 *
 * It is a function for the sake of its second statement: that one sees what was committed while the first waited for the
 * rooms, so that a removal or a mute that came before us wins. In a single statement it would read the past.
 *
 * Its plans are made once, perhaps while the tables are empty, and kept. What is switched off and each OFFSET 0 leave the planner
 * one way only, which is good for any size: a look into the index for each room and each message.
 */
export const STORE_MESSAGES = `
CREATE FUNCTION store_messages(said jsonb, room_ids uuid[], rules jsonb, said_at timestamptz)
RETURNS TABLE (number integer, seq bigint, public_seq bigint, trust text, epoch uuid, created_at timestamptz)
LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
SET enable_bitmapscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
SET lock_timeout = '500ms'
AS $$
#variable_conflict use_column
BEGIN
  PERFORM FROM unnest(room_ids) AS wanted (id)
  CROSS JOIN LATERAL (SELECT FROM rooms WHERE rooms.id = wanted.id OFFSET 0 FOR NO KEY UPDATE) held;

  RETURN QUERY
  WITH placed AS MATERIALIZED (
    SELECT one.*, room.room_id, room.epoch, room.at, room.instant, seat.trust,
           room.last_seq + row_number() OVER spoken AS seq,
           CASE WHEN room.is_watchable AND jsonb_typeof(one.view) = 'object'
                THEN room.last_public_seq + count(*) FILTER (WHERE jsonb_typeof(one.view) = 'object') OVER spoken END AS public_seq
    FROM unnest(room_ids) WITH ORDINALITY AS wanted (id, place)
    CROSS JOIN LATERAL (
      SELECT room.id AS room_id, room.epoch, room.last_seq, room.last_public_seq, moment.at,
             to_char(moment.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS instant,
             room.visibility = 'public' AND (rules -> 'settings' || room.settings -> 'spectatorAllowed')::boolean AS is_watchable,
             (rules -> 'settings' || room.settings -> 'linkPreviews')::boolean AS follows_links
      FROM rooms room
      -- Clocks of several servers differ, the order of a room does not.
      CROSS JOIN LATERAL (
        SELECT greatest(said_at, (
          SELECT last.created_at FROM room_events last WHERE last.room_id = room.id ORDER BY last.seq DESC LIMIT 1)) AS at OFFSET 0
      ) moment
      WHERE room.id = wanted.id AND room.archived_at IS NULL
        AND (rules -> 'settings' || room.settings -> 'slowModeSeconds')::integer = 0
      OFFSET 0
    ) room
    CROSS JOIN LATERAL (
      SELECT (line ->> 'number')::integer AS number, line -> 'message' AS message, line -> 'view' AS view,
             (line -> 'message' ->> 'id')::uuid AS id, (line -> 'message' ->> 'userId')::uuid AS author_id,
             line -> 'message' ->> 'clientMessageId' AS client_message_id
      FROM jsonb_array_elements(said -> (wanted.place::integer - 1)) AS line OFFSET 0
    ) one
    CROSS JOIN LATERAL (
      SELECT rules -> 'trust' ->> CASE seat.member_type WHEN 'agent' THEN 'agent' ELSE seat.role END AS trust
      FROM room_members seat
      WHERE seat.room_id = room.room_id AND seat.member_id = one.author_id AND (seat.muted_until IS NULL OR seat.muted_until <= said_at)
      OFFSET 0
    ) seat
    WHERE seat.trust IS NOT NULL
      AND NOT (room.follows_links AND one.message ->> 'message' LIKE '%://%')
      AND (one.client_message_id IS NULL OR NOT EXISTS (
            SELECT FROM messages known
            WHERE known.author_id = one.author_id AND known.client_message_id = one.client_message_id OFFSET 0))
    WINDOW spoken AS (PARTITION BY wanted.place ORDER BY one.number)
  ),
  heads AS (
    UPDATE rooms SET
      last_seq = grown.seq,
      last_public_seq = coalesce(grown.public_seq, last_public_seq),
      -- To five seconds: whatever changes an indexed column puts the row into every index of its table again
      last_activity_at = CASE WHEN (grown.public_seq IS NOT NULL OR visibility = 'private') AND at > last_activity_at + interval '5 seconds'
                              THEN at ELSE last_activity_at END
    FROM (SELECT room_id, at, max(seq) AS seq, max(public_seq) AS public_seq FROM placed GROUP BY room_id, at) grown
    WHERE rooms.id = grown.room_id
  ),
  entries AS (
    INSERT INTO room_events (room_id, seq, id, type, actor_type, actor_id, actor_name, visibility, payload, public_seq, public_payload, created_at)
    SELECT room_id, seq, id, 'chat.message', message -> 'author' ->> 'type', author_id, message -> 'author' ->> 'name',
           CASE WHEN public_seq IS NULL THEN 'members' ELSE 'public' END,
           jsonb_build_object('message', message || jsonb_build_object('seq', seq, 'trust', trust, 'timestamp', instant)),
           public_seq, CASE WHEN public_seq IS NOT NULL THEN view END, at
    FROM placed
  ),
  texts AS (
    INSERT INTO messages (id, room_id, seq, author_type, author_id, author_name, body, visibility, trust, client_message_id, created_at)
    SELECT id, room_id, seq, message -> 'author' ->> 'type', author_id, message -> 'author' ->> 'name', message ->> 'message', message ->> 'visibility', trust, client_message_id, at
    FROM placed ORDER BY author_id, client_message_id -- two servers that are sent the same messages wait for each other in one direction only
  )
  SELECT number, seq, public_seq, trust, epoch, at FROM placed;
END $$`;

/** Many messages in one transaction. */
export class MessageLane1763900000000 implements MigrationInterface {
  name = 'MessageLane1763900000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(STORE_MESSAGES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION store_messages');
  }
}
