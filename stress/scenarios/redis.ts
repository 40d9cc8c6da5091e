import { setTimeout as wait } from 'node:timers/promises';
import type { RoomUpdate } from '@clawtank/contracts';
import type { RoomClient } from '../client/room-client.js';
import { atLeast, atMost, Broken, equal, within } from '../expect.js';
import { eachOf, type Installation, type Person } from '../installation.js';
import type { OwnRedis } from '../redis.js';
import type { Scenario, Stage } from '../scenario.js';

const CUT_MS = 30_000;
const AWAY_MS = 2_000;
/** Longer than a connection keeps what was to be published, in the hope of being back at once. */
const FORGOTTEN_MS = 6_000;
const HEALED_WITHIN_MS = 5_000;
const PEOPLE = 8;
const TALKERS = 4;
const PAUSE_MS = 150;
/** Far longer than a message ever takes, far shorter than Redis is away. */
const ANSWERED_WITHIN_MS = 2_000;
/** What was asked of Redis when it died is given up after five seconds: each talker may wait for that once. */
const GIVEN_UP_WITHIN_MS = 7_000;
/** Together less than can be recovered, and far more than a process has at hand of each room. */
const BURST = 350;
const PRESENT_AGAIN_WITHIN_MS = 60_000;

function redisOf({ redis }: Installation): OwnRedis {
  if (!redis) {
    throw new Error('This needs a Redis of its own');
  }
  return redis;
}

interface Talk {
  readonly redis: OwnRedis;
  readonly people: readonly Person[];
  readonly roomId: string;
  /** All who are compared in the end. */
  readonly clients: RoomClient[];
  /** What the first of them was told last of who is here. */
  present(): RoomUpdate | undefined;
  /** Everybody is silent from now on: then nothing that is said later shows others that they missed something. */
  hush(): Promise<void>;
}

/** People on both processes talk without pause while something happens to Redis; then everything is compared. */
async function talkThrough(stage: Stage, trouble: (talk: Talk) => Promise<void>): Promise<void> {
  const { installation, random } = stage;
  const people = await installation.newPeople(PEOPLE);
  const room = await installation.newRoom(people);
  let present: RoomUpdate | undefined;
  const clients = await eachOf(people, (person, index) =>
    installation.follow(stage, person, room.id, installation.servers[index % 2 ? 1 : 0], {
      onPush: (name, payload) => (present = index === 0 && name === 'room_update' ? (payload as RoomUpdate) : present),
    }),
  );
  let isTalking = true;
  const waits: number[] = [];
  const talking = clients.slice(0, TALKERS).map(async (client) => {
    while (isTalking) {
      const askedAt = performance.now();
      await client.say(random.word());
      waits.push(performance.now() - askedAt);
      await wait(PAUSE_MS);
    }
  });
  await wait(500);
  const silence = async (): Promise<void> => {
    isTalking = false;
    const refusals = () => clients.flatMap(({ failures }) => failures);
    await Promise.race([
      Promise.all(talking),
      wait(GIVEN_UP_WITHIN_MS).then(() => {
        const promise = 'what is said is answered, whatever is with Redis';
        throw new Broken(
          promise,
          `within ${GIVEN_UP_WITHIN_MS} ms`,
          `${refusals().length} refusals: ${refusals().at(-1)}`,
        );
      }),
    ]);
  };
  const hush = async (): Promise<void> => {
    await silence();
    await wait(FORGOTTEN_MS);
  };
  await trouble({
    redis: redisOf(installation),
    people,
    roomId: room.id,
    clients,
    present: () => present,
    hush,
  });
  const healedAt = performance.now();
  await silence();

  waits.sort((left, right) => right - left);
  atMost('milliseconds that a message waited for its answer', waits[0] ?? 0, GIVEN_UP_WITHIN_MS);
  atMost('milliseconds that any but one of each talker waited', waits[TALKERS] ?? 0, ANSWERED_WITHIN_MS);
  const said = clients.flatMap(({ acknowledged }) => acknowledged);
  atLeast('enough was said meanwhile', said.length, 2 * TALKERS);
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
}

/** Somebody who was away comes back to the other process, which finds in Redis only the end of what they missed. */
async function missMuchOf(stage: Stage, { redis, people, roomId, clients }: Talk): Promise<void> {
  const { installation, random } = stage;
  const [left, right] = installation.servers;
  const before = await installation.follow(stage, people[0]!, roomId, left);
  await before.close();
  const talk = () =>
    eachOf(Array.from({ length: BURST }), (_, index) => clients[index % PEOPLE]!.say(random.word()), PEOPLE);
  await talk();
  await redis.flush();
  await talk();
  const back = await installation.follow(stage, people[0]!, roomId, right, { from: before.state });
  equal('who was away recovers', [back.recoveries, back.reloads], [1, 0]);
  clients.push(back);
}

export const redisTroubles: readonly Scenario[] = [
  {
    name: 'redis-cut-for-30-s',
    promise:
      'With Redis cut off for thirty seconds people talk on and others join; nothing is lost, and all lists are equal within 5 s of healing.',
    async run(stage) {
      const { installation, random } = stage;
      await talkThrough(stage, async ({ redis, people, roomId, clients, hush }) => {
        await redis.cut();
        await wait(CUT_MS / 2);
        for (const server of installation.servers) {
          const cameAt = performance.now();
          clients.push(await installation.follow(stage, random.pick(people), roomId, server));
          atMost('milliseconds until a newcomer is in the room', performance.now() - cameAt, ANSWERED_WITHIN_MS);
        }
        await wait(CUT_MS / 2);
        await hush();
        await redis.mend();
      });
    },
  },
  {
    name: 'redis-flushed',
    promise:
      'With all of Redis deleted again and again in the midst of it, nothing is lost but presence, and that for a minute at most.',
    async run(stage) {
      await talkThrough(stage, async (talk) => {
        for (let time = 0; time < 5; time++) {
          await talk.redis.flush();
          await wait(stage.random.between(100, 600));
        }
        await missMuchOf(stage, talk);
        await within(
          PRESENT_AGAIN_WITHIN_MS,
          'all are shown as present again',
          () => talk.present()?.members.every(({ status }) => status !== 'offline'),
          () => talk.present()?.members.map(({ name, status }) => [name, status]),
        );
      });
    },
  },
  {
    name: 'redis-restarted',
    promise:
      'With Redis killed and started again empty, nothing is lost, and all lists are equal within 5 s of healing.',
    async run(stage) {
      await talkThrough(stage, ({ redis, hush }) =>
        redis.restart(async () => {
          await wait(AWAY_MS);
          await hush();
        }),
      );
    },
  },
];
