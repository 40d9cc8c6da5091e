import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import type { TestServer } from './app.js';

/** Something that a spectator without an account said beside the room; answers with its id. */
export async function aSpectatorMessage(
  { app }: Pick<TestServer, 'app'>,
  roomId: string,
  { message = 'How does it know?', name = 'Viewer' } = {},
): Promise<string> {
  const id = randomUUID();
  await app.get(DataSource).query(
    `WITH chat AS (
       INSERT INTO spectator_chats AS chat (room_id, last_seq, revision) VALUES ($2, 1, 1)
       ON CONFLICT (room_id) DO UPDATE SET last_seq = chat.last_seq + 1, revision = chat.revision + 1
       RETURNING last_seq, revision
     )
     INSERT INTO spectator_messages (id, room_id, seq, revision, speaker, author_type, display_name, body, created_at)
     SELECT $1, $2, last_seq, revision, $3, 'anonymous', $4, $5, now() FROM chat`,
    [id, roomId, `spectator:${randomUUID()}`, name, message],
  );
  return id;
}
