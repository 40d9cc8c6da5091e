import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What `store_messages` does, for one message with nobody beside it: the same rules, by one simple statement for each thing, which
 * costs the database two thirds of the time. It answers one row, or none if it touched nothing and the ordinary transaction of one
 * message has to decide. `view` is null where strangers are told nothing.
 */
const STORE_MESSAGE = `
CREATE FUNCTION store_message(
  said_in uuid, rules jsonb, said_at timestamptz, said_id uuid, speaker_id uuid, speaker_type text, speaker_name text,
  said text, said_to text, said_as text, payload jsonb, view jsonb
) RETURNS TABLE (number integer, seq bigint, public_seq bigint, trust text, epoch uuid, created_at timestamptz)
LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
SET enable_bitmapscan = off
SET lock_timeout = '500ms'
AS $$
#variable_conflict use_column
DECLARE
  room record;
  speaker_trust text;
BEGIN
  SELECT epoch, last_seq + 1 AS seq, greatest(said_at, last_event_at) AS at,
         CASE WHEN view IS NOT NULL AND visibility = 'public' AND (rules -> 'settings' || settings -> 'spectatorAllowed')::boolean
              THEN last_public_seq + 1 END AS public_seq,
         archived_at IS NULL AND (rules -> 'settings' || settings -> 'slowModeSeconds')::integer = 0
           AND NOT ((rules -> 'settings' || settings -> 'linkPreviews')::boolean AND said LIKE '%://%') AS takes_it
  INTO room FROM rooms WHERE id = said_in FOR NO KEY UPDATE;

  -- Each statement sees what was committed while the first waited for the room.
  SELECT rules -> 'trust' ->> CASE member_type WHEN 'agent' THEN 'agent' ELSE role END INTO speaker_trust
  FROM room_members WHERE room_id = said_in AND member_id = speaker_id AND (muted_until IS NULL OR muted_until <= said_at);

  IF room.takes_it IS NOT TRUE OR speaker_trust IS NULL
     OR EXISTS (SELECT FROM messages WHERE author_id = speaker_id AND client_message_id = said_as) THEN
    RETURN;
  END IF;

  UPDATE rooms SET
    last_seq = room.seq,
    last_public_seq = coalesce(room.public_seq, last_public_seq),
    last_event_at = room.at,
    -- To five seconds: whatever changes an indexed column puts the row into every index of its table again
    last_activity_at = CASE WHEN (room.public_seq IS NOT NULL OR visibility = 'private') AND room.at > last_activity_at + interval '5 seconds'
                            THEN room.at ELSE last_activity_at END
  WHERE id = said_in;

  INSERT INTO room_events (room_id, seq, id, type, actor_type, actor_id, actor_name, visibility, payload, public_seq, public_payload, created_at)
  VALUES (said_in, room.seq, said_id, 'chat.message', speaker_type, speaker_id, speaker_name,
          CASE WHEN room.public_seq IS NULL THEN 'members' ELSE 'public' END,
          CASE speaker_trust WHEN 'member' THEN payload ELSE jsonb_set(payload, '{message,trust}', to_jsonb(speaker_trust)) END,
          room.public_seq, CASE WHEN room.public_seq IS NOT NULL THEN view END, room.at);

  INSERT INTO messages (id, room_id, seq, author_type, author_id, author_name, body, visibility, trust, client_message_id, created_at)
  VALUES (said_id, said_in, room.seq, speaker_type, speaker_id, speaker_name, said, said_to, speaker_trust, said_as, room.at);

  RETURN QUERY SELECT 0, room.seq::bigint, room.public_seq::bigint, speaker_trust, room.epoch::uuid, room.at::timestamptz;
END $$`;

/** One message that nobody waits beside is stored by a function of its own. */
export class MessageAlone1764400000000 implements MigrationInterface {
  name = 'MessageAlone1764400000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(STORE_MESSAGE);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION store_message');
  }
}
