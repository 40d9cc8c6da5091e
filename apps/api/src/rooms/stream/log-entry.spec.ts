import type { ChatMessage, RoomEventOf } from '@clawtank/contracts';
import { entryOf, type LogRow, storedPayload } from './log-entry.js';

const AUTHOR = { type: 'human', id: 'ann', name: 'ann' } as const;

const plain: ChatMessage = {
  type: 'chat_message',
  id: 'message',
  roomId: 'room',
  seq: 7,
  userId: AUTHOR.id,
  author: AUTHOR,
  promotedBy: null,
  spectatorMessageId: null,
  message: 'hello',
  mentions: [],
  mentionsHere: false,
  visibility: 'public',
  trust: 'member',
  replyTo: null,
  threadId: null,
  thread: null,
  attachments: [],
  preview: null,
  reactions: [],
  clientMessageId: null,
  timestamp: '2026-01-01T00:00:00.000Z',
  editedAt: null,
  deletedAt: null,
  pinnedAt: null,
};

const rowOf = (payload: LogRow['payload']): LogRow => ({
  room_id: plain.roomId,
  seq: String(plain.seq),
  id: plain.id,
  type: 'chat.message',
  actor_type: AUTHOR.type,
  actor_id: AUTHOR.id,
  actor_name: AUTHOR.name,
  payload,
  public_seq: null,
  public_payload: null,
  created_at: new Date(plain.timestamp),
  addressed: null,
  trust: null,
});
const readBack = (payload: LogRow['payload']) =>
  (entryOf(rowOf(payload)).event as RoomEventOf<'chat.message'>).data.message;
const stored = (message: ChatMessage) => storedPayload({ type: 'chat.message', data: { message } });

describe('what the log keeps of a message', () => {
  it('is what it says, if it is like most', () => {
    expect(stored(plain)).toEqual({ message: { message: 'hello' } });
    expect(readBack(stored(plain))).toEqual(plain);
  });

  it('is whose words they are, if that is not who brought them into the room', () => {
    const author = { type: 'spectator', id: null, name: 'Viewer' } as const;
    const promoted: ChatMessage = {
      ...plain,
      author,
      promotedBy: AUTHOR,
      spectatorMessageId: 'said',
      trust: 'spectator',
    };
    expect(readBack(stored(promoted))).toEqual(promoted);
  });

  it.each<Partial<ChatMessage>>([
    { message: '' },
    { mentions: ['bob'], mentionsHere: true },
    { visibility: 'members', trust: 'owner' },
    { replyTo: 'other', threadId: 'root', clientMessageId: 'id' },
    { thread: { replies: 1, lastReplyAt: plain.timestamp } },
    { reactions: [{ emoji: '👍', memberIds: ['bob'] }] },
    { editedAt: plain.timestamp, deletedAt: plain.timestamp, pinnedAt: plain.timestamp },
  ])('gives back the whole of %j', (unusual) => {
    const message = { ...plain, ...unusual };
    expect(readBack(JSON.parse(JSON.stringify(stored(message))) as LogRow['payload'])).toEqual(message);
  });

  it('may be all of it, as it was once', () => {
    const message = { ...plain, trust: 'owner', mentions: ['bob'] } as const;
    expect(readBack({ message: { ...message, mentions: [...message.mentions] } })).toEqual(message);
  });

  it('is everything of all other events', () => {
    const data = { message: plain };
    expect(storedPayload({ type: 'chat.edited', data })).toBe(data);
  });
});
