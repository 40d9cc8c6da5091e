import type { RoomState } from '@clawtank/contracts';
import { applyRoomEvent } from '@clawtank/room-state';
import { RoomLog, RoomSnapshot } from '../../apps/api/src/rooms/index.js';
import type { TestServer } from './app.js';

/**
 * The law of the room stream: an old snapshot and the events since make a fresh snapshot. Checks it for `old` and the room as
 * it is now, and that the log in between has every number once.
 */
export async function verifyRoom(server: TestServer, old: RoomState): Promise<RoomState> {
  const roomId = old.room.id;
  const fresh = await server.app.get(RoomSnapshot, { strict: false }).read(roomId);
  const entries = await server.app.get(RoomLog, { strict: false }).after(roomId, old.seq, 100_000);
  const upToFresh = entries.filter(({ event }) => event.seq <= fresh.seq);
  expect(upToFresh.map(({ event }) => event.seq)).toEqual(
    Array.from({ length: fresh.seq - old.seq }, (_, index) => old.seq + 1 + index),
  );

  const replayed = upToFresh.reduce<RoomState>((state, { event }) => {
    const next = applyRoomEvent(state, event);
    if (next === 'gap') {
      throw new Error(`A gap before ${event.seq}`);
    }
    return next;
  }, old);
  expect(JSON.parse(JSON.stringify(replayed))).toEqual(JSON.parse(JSON.stringify(fresh)));
  return fresh;
}
