import { type ChatMessage, MAX_BADGE, type RoomBadge, type RoomEvent } from '@clawtank/contracts';
import { Chance, seedOf } from '../../../test/attention/chance.js';
import { Room, type Said, type Step } from '../../../test/attention/histories.js';
import { badgeAfter, badgeAfterReading, deletedMessage, withChatEvent } from './index.js';

const ROOM = '00000000-0000-4000-8000-000000000000';
const idOf = (kind: string, number: number): string =>
  `00000000-0000-4000-${kind}-${number.toString(16).padStart(12, '0')}`;
const personId = (person: number): string => idOf('8001', person);
const nameOf = (person: number): string => `Person-${person}`;
const AT = '2026-02-17T10:00:00.000Z';

function messageOf({ seq, by, named, here, inThread }: Said): ChatMessage {
  const author = { type: 'human', id: personId(by), name: nameOf(by) } as const;
  return {
    type: 'chat_message',
    id: idOf('8002', seq),
    roomId: ROOM,
    seq,
    userId: author.id,
    author,
    promotedBy: null,
    spectatorMessageId: null,
    message: 'hello',
    mentions: named.filter((person) => person !== by).map(nameOf),
    mentionsHere: here,
    visibility: 'public',
    trust: 'member',
    replyTo: null,
    threadId: inThread ? idOf('8002', 1) : null,
    thread: null,
    attachments: [],
    preview: null,
    reactions: [],
    clientMessageId: null,
    timestamp: AT,
    editedAt: null,
    deletedAt: null,
    pinnedAt: null,
  };
}

/** The entry that a step leaves in the log, if the step concerns chat. */
function entryOf(step: Step, room: Room): RoomEvent | null {
  const place = {
    seq: room.head,
    id: idOf('8003', room.head),
    actor: { type: 'system', id: null, name: '' },
    timestamp: AT,
  } as const;
  switch (step.kind) {
    case 'say':
      return { ...place, type: 'chat.message', data: { message: messageOf(room.said.at(-1)!) } };
    case 'edit':
      return { ...place, type: 'chat.edited', data: { message: messageOf(room.said[step.message]!) } };
    case 'delete': {
      const messageId = idOf('8002', room.said[step.message]!.seq);
      return { ...place, type: 'chat.deleted', data: { messageId, threadId: null, thread: null } };
    }
    default:
      return null;
  }
}

describe('the badge of a room that its reader follows', () => {
  it('equals a recount after every step of 2,000 random histories, however little of the room the reader sees', () => {
    const seed = seedOf('badges in the client');
    let asked = 0;
    let counted = 0;
    for (let history = 0; history < 2000; history++) {
      const chance = new Chance(seed + history);
      const room = new Room(chance.between(2, 4));
      const sees = chance.oneOf([3, 10, 50]);
      let messages: ChatMessage[] = [];
      const badges = new Map(room.seated.map((person) => [person, room.recount(person, ROOM)]));
      for (let left = 40; left > 0; left--) {
        const step = room.randomStep(chance);
        room.take(step);
        const event = entryOf(step, room);
        for (const person of [...badges.keys()]) {
          if (!room.joinedAt.has(person)) {
            badges.delete(person);
            continue;
          }
          const before = badges.get(person)!;
          const reader = { id: personId(person), name: nameOf(person).toUpperCase(), messages };
          const after =
            step.kind === 'read' && step.by === person
              ? badgeAfterReading(before, Math.min(step.seq, room.head), reader)
              : step.kind === 'prefer' && step.by === person
                ? { ...before, level: step.level }
                : event
                  ? badgeAfter(before, event, reader)
                  : before;
          const truth = room.recount(person, ROOM);
          if (after === 'ask') {
            asked++;
          } else {
            counted++;
            // Jest's comparison is too slow for every step.
            if (JSON.stringify(Object.entries(after).sort()) !== JSON.stringify(Object.entries(truth).sort())) {
              expect({ history, step, badge: after }).toEqual({ history, step, badge: truth });
            }
          }
          badges.set(person, truth);
        }
        if (step.kind === 'return') {
          badges.set(step.by, room.recount(step.by, ROOM));
        }
        if (event?.type.startsWith('chat.')) {
          messages = withChatEvent(messages, event as Parameters<typeof withChatEvent>[1]).slice(-sees);
        }
      }
    }
    // To ask is right where nothing can be known, and wrong as a habit.
    expect(asked).toBeLessThan(counted / 20);
  });

  const badge: RoomBadge = {
    roomId: ROOM,
    unread: MAX_BADGE,
    mentions: 0,
    lastReadSeq: 1,
    firstUnreadSeq: 2,
    level: 'all',
  };
  const said = (seq: number): ChatMessage =>
    messageOf({ seq, by: 1, named: [], here: false, inThread: false, addressed: new Set(), isDeleted: false });
  const deletion = (message: ChatMessage): RoomEvent => ({
    seq: 500,
    id: idOf('8003', 500),
    type: 'chat.deleted',
    actor: { type: 'system', id: null, name: '' },
    timestamp: AT,
    data: { messageId: message.id, threadId: null, thread: null },
  });

  it('stops counting where the server does, and asks when less than that may be left', () => {
    const reader = { id: personId(0), name: nameOf(0), messages: [said(2), said(3)] };
    const more = badgeAfter(badge, { ...deletion(said(4)), type: 'chat.message', data: { message: said(4) } }, reader);
    expect(more).toEqual(badge);
    expect(badgeAfter(badge, deletion(said(3)), reader)).toBe('ask');
  });

  it('does not count twice what is gone already', () => {
    const reader = { id: personId(0), name: nameOf(0), messages: [deletedMessage(said(2), AT), said(3)] };
    const one = { ...badge, unread: 1, firstUnreadSeq: 3 };
    expect(badgeAfter(one, deletion(said(2)), reader)).toEqual(one);
  });
});
