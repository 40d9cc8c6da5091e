import { type RoomState, SNAPSHOT_LIMITS } from '@clawtank/contracts';
import { RoomSnapshot } from '../../apps/api/src/rooms/index.js';
import { startTestServer, type TestServer } from '../support/app.js';
import { verifyRoom } from '../support/verify-room.js';
import { aRoom, type Speaker } from './chat.support.js';

/** Numbers that look random and are the same for the same seed. */
function numbersFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const EMOJI = ['👍', '🎉', '❤️', '👀'];
const STEPS = 220;

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(() => server.close());

/** Does one thing or another to messages of the room; what the room refuses changes nothing. */
function deedIn(speakers: readonly Speaker[], said: string[], next: (below: number) => number): () => Promise<void> {
  const some = <Item>(items: readonly Item[]): Item => items[next(items.length)]!;
  return async () => {
    const speaker = some(speakers);
    // Mostly what was said a moment ago, so that much happens to the same messages; sometimes what no snapshot holds any more.
    const target = said.length > 0 ? some(said.slice(next(8) === 0 ? -80 : -8)) : undefined;
    const root = said.at(-1 - (said.length % 8)); // the same one for a while, so that threads grow
    const say = async (more: object = {}) => {
      const mention = next(4) === 0 ? `@${some(speakers).person.name} ` : next(6) === 0 ? '@here ' : '';
      said.push((await speaker.say(`${mention}number ${next(1000)}`, more)).id);
    };
    const deeds = target
      ? [
          () => say(),
          () => say({ visibility: 'members' }),
          () => say({ replyTo: target }),
          () => say({ threadId: root ?? target }),
          () => say({ threadId: root ?? target }),
          () => say({ threadId: target }),
          () => speaker.edit(target, `changed ${next(1000)}`),
          () => speaker.edit(target, `@${some(speakers).person.name} changed`),
          () => speaker.delete(target),
          () => speaker.delete(target),
          () => speaker.react(target, some(EMOJI)),
          () => speaker.react(target, some(EMOJI)),
          () => speaker.react(target, some(EMOJI), false),
          () => speaker.pin(target, next(2) === 0),
        ]
      : [() => say()];
    await some(deeds)().then(
      () => undefined,
      (error: { code?: string }) => {
        if (!['forbidden', 'message_deleted', 'invalid_input'].includes(error.code ?? '')) {
          throw error;
        }
      },
    );
  };
}

describe('The law of the stream, for chat', () => {
  it.each([1, 2, 3])(
    'holds for whatever happens to messages, from many moments (history %i)',
    async (seed) => {
      const { roomId, speakers, close } = await aRoom(server.url, 3, { visibility: 'public' });
      const next = numbersFrom(seed);
      const act = deedIn(speakers, [], next);
      const moments: RoomState[] = [];
      for (let step = 0; step < STEPS; step++) {
        if (step % 20 === 0) {
          // From every moment before to this one: what comes later would cover up much.
          for (const moment of moments) {
            await verifyRoom(server, moment);
          }
        }
        if (step % 50 === 0) {
          moments.push(await server.app.get(RoomSnapshot, { strict: false }).read(roomId));
        }
        await act();
      }
      // More was said than a snapshot holds, so that changes to what is no longer in it were among the rest.
      expect(moments.at(-1)?.messages.length).toBe(SNAPSHOT_LIMITS.messages);
      close();
    },
    120_000,
  );

  it('holds while all of it happens at once', async () => {
    const { roomId, speakers, close } = await aRoom(server.url, 5);
    const born = await server.app.get(RoomSnapshot, { strict: false }).read(roomId);
    const said: string[] = [];
    await Promise.all(
      speakers.map(async (_, index) => {
        const act = deedIn(speakers, said, numbersFrom(100 + index));
        for (let step = 0; step < 40; step++) {
          await act();
        }
      }),
    );
    await verifyRoom(server, born);
    close();
  }, 120_000);
});
