import { type Check, firstComplaint, notShown, unless } from '../check.js';
import type { EntryOf } from '../entry.js';
import type { Recording } from '../recording.js';

/** A connection that lasted this long gave time to join. */
const JOIN_MS = 2000;
/** What was sent this shortly before a cut may not have arrived. */
const IN_FLIGHT_MS = 300;

const firstJoin = (recording: Recording, line: number, roomId: string): EntryOf<'asked'> | undefined =>
  recording
    .onLine(line)
    .asked('join_room')
    .find(({ request }) => request['roomId'] === roomId);

/** The newest entry of a room's log that a push holds; 0 if none. */
function newestIn({ name, data }: EntryOf<'pushed'>): number {
  switch (name) {
    case 'room_joined':
      return data['recovered'] === true ? 0 : Number(data['seq']);
    case 'message_broadcast':
      return (data['message'] as { seq: number }).seq;
    case 'activity_update':
      return Math.max(0, ...(data['activity'] as { seq: number }[]).map(({ seq }) => seq));
    default:
      return 0;
  }
}

/** Joins on connections after the first one of a run, of rooms that the run had joined before. */
function rejoins(recording: Recording): { join: EntryOf<'asked'>; known: number }[] {
  return recording.asked('join_room').flatMap((join) => {
    const before = recording.before(join).where(({ process }) => process === join.process);
    const isFirstOfLine = before
      .onLine(join.line)
      .asked('join_room')
      .every(({ request }) => request['roomId'] !== join.request['roomId']);
    const of = ({ data }: EntryOf<'pushed'>): boolean => data['roomId'] === join.request['roomId'];
    const end = before.of('closed').at(-1)?.at ?? 0;
    const received = before
      .pushed('room_joined', 'message_broadcast', 'activity_update')
      .filter(
        (push) => of(push) && push.fate !== 'swallowed' && push.line !== join.line && push.at < end - IN_FLIGHT_MS,
      );
    return isFirstOfLine && received.length > 0 ? { join, known: Math.max(...received.map(newestIn)) } : [];
  });
}

export const ROOMS: readonly Check[] = [
  {
    id: 'rooms.joins-where-it-has-a-seat',
    level: 'must',
    promise: 'Joins every room in which it has a seat, on every connection.',
    source: 'docs/protocol.md, agent_register: rooms; join_room',
    judge(recording) {
      const registered = recording.accepted('agent_register').filter(({ line, at }) => {
        const end = recording.of('closed').find((closed) => closed.line === line);
        return !end || end.at - at > JOIN_MS;
      });
      return registered.length === 0
        ? notShown('No connection of the agent lasted long enough')
        : unless(
            firstComplaint(registered, ({ line, reply }) => {
              const rooms = reply.ok ? (reply.data as { rooms: string[] }).rooms : [];
              const missed = rooms.filter((roomId) => !firstJoin(recording, line, roomId));
              return missed.length > 0 && `On connection ${line} it left out ${missed.length} of ${rooms.length} rooms`;
            }),
          );
    },
  },
  {
    id: 'rooms.joins-a-new-seat',
    level: 'must',
    promise: 'Joins a room when it is given a seat in it.',
    source: 'docs/protocol.md, room_context',
    judge(recording) {
      const given = recording.deed('gaveSeat');
      const told =
        given &&
        recording
          .after(given)
          .pushed('room_context')
          .find(({ data }) => data['roomId'] === given.roomId);
      return !given || !told
        ? notShown('The agent was told of no new seat')
        : unless(
            !firstJoin(recording.after(given), told.line, given.roomId) && 'It did not join the room of its new seat',
          );
    },
  },
  {
    id: 'rooms.recovers',
    level: 'should',
    promise: 'Joins again with the last seq and the epoch that it has.',
    source: 'docs/protocol.md, Following a room',
    judge(recording) {
      const again = rejoins(recording);
      return again.length === 0
        ? notShown('The agent joined no room again')
        : unless(
            firstComplaint(again, ({ join: { request } }) =>
              typeof request['lastSeq'] !== 'number' || typeof request['epoch'] !== 'string'
                ? 'It joined a room again without saying what it has'
                : null,
            ),
          );
    },
  },
  {
    id: 'rooms.asks-for-what-it-misses',
    level: 'should',
    promise: 'Asks for nothing again that it has been sent.',
    source: 'docs/protocol.md, Following a room',
    judge(recording) {
      const again = rejoins(recording).filter(({ join }) => typeof join.request['lastSeq'] === 'number');
      return again.length === 0
        ? notShown('The agent never said what it has')
        : unless(
            firstComplaint(
              again.filter(({ join }) => join.scene !== 'interruptions'),
              ({ join, known }) =>
                Number(join.request['lastSeq']) < known &&
                `It said that it has ${String(join.request['lastSeq'])} entries, and was sent ${known}`,
            ),
          );
    },
  },
  {
    id: 'rooms.closes-a-gap',
    level: 'should',
    promise: 'Joins again with its last seq when it sees that it missed something.',
    source: 'docs/protocol.md, Following a room: one past the next',
    judge(recording) {
      const order = recording.deed('swallowedPush');
      const lost =
        order &&
        recording
          .after(order)
          .of('pushed')
          .find(({ fate }) => fate === 'swallowed');
      const next = lost && recording.after(lost).pushed('message_broadcast')[0];
      if (!lost || !next) {
        return notShown('Nothing was kept from the agent');
      }
      const join = recording.after(lost).onLine(lost.line).asked('join_room')[0];
      return unless(
        !join
          ? 'It did not join again although an entry was missing'
          : typeof join.request['lastSeq'] !== 'number' && 'It joined again without saying what it has',
      );
    },
  },
];
