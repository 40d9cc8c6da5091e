import type { RoomEvent } from '@clawtank/contracts';
import { UnitOfWork } from '../../apps/api/src/platform/database/unit-of-work.js';
import { RoomAccess, RoomLog } from '../../apps/api/src/rooms/index.js';
import type { TestServer } from '../support/app.js';
import { sampleEvents } from '../support/sample-events.js';

type Appended = Pick<RoomEvent, 'type' | 'actor' | 'data'>;

/** Adds events to a room's log in one transaction, as features do; answers with the place of the last public one. */
export function append({ app }: TestServer, roomId: string, ...events: Appended[]): Promise<number> {
  const get = <Service>(service: new (...args: never[]) => Service): Service => app.get(service, { strict: false });
  return get(UnitOfWork).run(async (work) => {
    const room = await get(RoomAccess).hold(work, roomId);
    for (const { type, actor, data } of events) {
      const unreached = 'all'; // the agents of the samples have no inboxes
      await get(RoomLog).append(work, room, { type, actor, data, unreached } as Parameters<RoomLog['append']>[2]);
    }
    const [head] = await work.manager.query<{ last_public_seq: string }[]>(
      `SELECT last_public_seq FROM rooms WHERE id = $1`,
      [roomId],
    );
    return Number(head?.last_public_seq);
  });
}

export function aMessage(text: string, visibility: 'public' | 'members' = 'public'): Appended {
  const { type, actor, data } = sampleEvents['chat.message'];
  return { type, actor, data: { message: { ...data.message, message: text, visibility } } };
}
