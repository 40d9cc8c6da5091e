import { setTimeout as wait } from 'node:timers/promises';
import { RoomClient } from '../client/room-client.js';
import { atLeast, atMost, equal, within } from '../expect.js';
import { eachOf } from '../installation.js';
import type { Scenario } from '../scenario.js';

const CLIENTS = 1000;
const ROOMS = 10;
const PEOPLE = 20;
const TALKERS = 20;
const EXITS_WITHIN_MS = 15_000;
const BACK_WITHIN_MS = 45_000;
/** Let go all at once, four in five of them would be gone, and back, in a fraction of this. */
const SPREAD_MS = 2_000;

/** The time in which four in five of these happened. */
function spreadOf(moments: readonly number[]): number {
  const sorted = [...moments].sort((left, right) => left - right);
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? 0;
  return at(0.9) - at(0.1);
}

export const draining: readonly Scenario[] = [
  {
    name: 'sigterm-at-1000-clients',
    promise:
      'A process with a thousand clients that is told to stop loses nothing, exits 0 within 15 s, and they come back spread out.',
    async run(stage) {
      const { installation, random } = stage;
      const { left, right } = installation;
      const people = await installation.newPeople(PEOPLE);
      const rooms = await eachOf(Array.from({ length: ROOMS }), () => installation.newRoom(people), 3);
      // As behind a proxy: to the process that stops until it is told to, then to the other.
      let target = left;
      const clients = await eachOf(
        Array.from({ length: CLIENTS }),
        async (_, index) => {
          const person = people[Math.floor(index / ROOMS) % PEOPLE]!;
          const client = new RoomClient(
            () => target.url,
            person.token,
            rooms[index % ROOMS]!.id,
            random.fork(`${index}`),
            {},
          );
          stage.keep(() => client.close());
          await client.joined();
          return client;
        },
        50,
      );
      let isTalking = true;
      // Of every room and every slice: some of them are let go last, and served until then.
      const talkers = Array.from(
        { length: TALKERS },
        (_, index) => clients[index * (CLIENTS / TALKERS) + (index % ROOMS)]!,
      );
      const talking = talkers.map(async (client) => {
        while (isTalking) {
          await client.say(random.word());
          await wait(100);
        }
      });
      await wait(500);
      target = right;
      const stoppedAt = performance.now();
      const { code, milliseconds } = await left.stop();
      equal('the exit code', code, 0);
      atMost('milliseconds until it had stopped', milliseconds, EXITS_WITHIN_MS);
      await within(
        BACK_WITHIN_MS,
        'all clients are back, at the other process',
        () => clients.every(({ isConnected }) => isConnected),
        () => `${clients.filter(({ isConnected }) => isConnected).length} of ${CLIENTS}`,
      );
      isTalking = false;
      await Promise.all(talking);

      const departures = clients.flatMap(({ closedAt }) => closedAt.filter((at) => at > stoppedAt));
      const returns = clients.flatMap(({ connectedAt }) => connectedAt.filter((at) => at > stoppedAt));
      equal('times that a client had to come back', returns.length, CLIENTS);
      atLeast(`milliseconds in which four in five of ${CLIENTS} clients were let go`, spreadOf(departures), SPREAD_MS);
      atLeast('milliseconds in which four in five of them came back', spreadOf(returns), SPREAD_MS);

      const said = clients.flatMap(({ acknowledged }) => acknowledged);
      atLeast('enough was said meanwhile', said.length, 50);
      for (const room of rooms) {
        await installation.verify(
          people[0]!,
          room.id,
          clients.filter(({ roomId }) => roomId === room.id),
        );
        const stored = new Map((await installation.log(room.id)).map(({ seq, id }) => [seq, id]));
        equal(
          'acknowledged messages that are not in the log',
          said.filter(({ roomId, seq, id }) => roomId === room.id && stored.get(seq) !== id),
          [],
        );
      }
      equal('clients that had to load anew what they had', clients.filter(({ reloads }) => reloads > 1).length, 0);
    },
  },
];
