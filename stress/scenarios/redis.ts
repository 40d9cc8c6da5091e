import { setTimeout as wait } from 'node:timers/promises';
import type { RoomClient } from '../client/room-client.js';
import { atLeast, atMost, equal } from '../expect.js';
import { eachOf, type Installation } from '../installation.js';
import type { OwnRedis } from '../redis.js';
import type { Scenario, Stage } from '../scenario.js';

const CUT_MS = 30_000;
const AWAY_MS = 2_000;
/** Longer than a connection keeps what was to be published, in the hope of being back at once. */
const FORGOTTEN_MS = 6_000;
const HEALED_WITHIN_MS = 5_000;
const PEOPLE = 8;
const PAUSE_MS = 150;

function redisOf({ redis }: Installation): OwnRedis {
  if (!redis) {
    throw new Error('This needs a Redis of its own');
  }
  return redis;
}

/** People on both processes talk without pause while something happens to Redis; then everything is compared. */
async function talkThrough(
  stage: Stage,
  trouble: (redis: OwnRedis, hush: () => Promise<void>) => Promise<void>,
): Promise<RoomClient[]> {
  const { installation, random } = stage;
  const people = await installation.newPeople(PEOPLE);
  const room = await installation.newRoom(people);
  const clients = await eachOf(people, (person, index) =>
    installation.follow(stage, person, room.id, installation.servers[index % 2 ? 1 : 0]),
  );
  let isTalking = true;
  const talking = clients.slice(0, 4).map(async (client) => {
    while (isTalking) {
      await client.say(random.word());
      await wait(PAUSE_MS);
    }
  });
  await wait(500);
  const before = clients.flatMap(({ acknowledged }) => acknowledged).length;
  // Once everybody is silent, nothing that is said later shows others that they missed something.
  const hush = async (): Promise<void> => {
    isTalking = false;
    await Promise.all(talking);
    await wait(FORGOTTEN_MS);
  };
  await trouble(redisOf(installation), hush);
  const healedAt = performance.now();
  isTalking = false;
  await Promise.all(talking);

  const said = clients.flatMap(({ acknowledged }) => acknowledged);
  atLeast('what was said meanwhile was acknowledged', said.length, before + 5);
  await installation.verify(people[0]!, room.id, clients, HEALED_WITHIN_MS);
  atMost('milliseconds until all lists were equal', performance.now() - healedAt, HEALED_WITHIN_MS);
  const stored = new Map((await installation.log(room.id)).map(({ seq, id }) => [seq, id]));
  equal(
    'acknowledged messages that are not in the log',
    said.filter(({ seq, id }) => stored.get(seq) !== id),
    [],
  );
  equal(
    'lines that were closed by it',
    clients.filter(({ connectedAt }) => connectedAt.length > 1).map(({ name }) => name),
    [],
  );
  return clients;
}

export const redisTroubles: readonly Scenario[] = [
  {
    name: 'redis-cut-for-30-s',
    promise:
      'With Redis cut off for thirty seconds people talk on; nothing is lost, and all lists are equal within 5 s of healing.',
    async run(stage) {
      await talkThrough(stage, async (redis, hush) => {
        await redis.cut();
        await wait(CUT_MS);
        await hush();
        await redis.mend();
      });
    },
  },
  {
    name: 'redis-flushed',
    promise: 'With all of Redis deleted again and again in the midst of it, nothing is lost.',
    async run(stage) {
      await talkThrough(stage, async (redis) => {
        for (let time = 0; time < 5; time++) {
          await redis.flush();
          await wait(stage.random.between(100, 600));
        }
      });
    },
  },
  {
    name: 'redis-restarted',
    promise:
      'With Redis killed and started again empty, nothing is lost, and all lists are equal within 5 s of healing.',
    async run(stage) {
      await talkThrough(stage, (redis, hush) =>
        redis.restart(async () => {
          await wait(AWAY_MS);
          await hush();
        }),
      );
    },
  },
];
