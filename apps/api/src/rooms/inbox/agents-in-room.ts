import type { ChatMessage } from '@clawtank/contracts';
import type { EntityManager } from 'typeorm';
import type { Addressee } from '../domain/addressing.js';

/** The agents that have a seat in the room. */
export function readAgents(manager: EntityManager, roomId: string): Promise<Addressee[]> {
  return manager.query<Addressee[]>(
    `SELECT agent.id, agent.name FROM room_members seat JOIN agents agent ON agent.id = seat.agent_id
     WHERE seat.room_id = $1 ORDER BY seat.joined_seq`,
    [roomId],
  );
}

/** The agents that said what the message answers, or something that stands in its thread. */
export async function readAnswered(
  manager: EntityManager,
  { replyTo, threadId }: Pick<ChatMessage, 'replyTo' | 'threadId'>,
): Promise<ReadonlySet<string>> {
  const rows = await manager.query<{ author_id: string }[]>(
    `SELECT author_id FROM messages WHERE id = $1 AND author_type = 'agent'
     UNION
     SELECT author_id FROM messages WHERE (id = $2 OR thread_id = $2) AND author_type = 'agent' AND deleted_at IS NULL`,
    [replyTo, threadId],
  );
  return new Set(rows.map(({ author_id }) => author_id));
}
