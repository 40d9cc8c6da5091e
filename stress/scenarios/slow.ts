import { setTimeout as wait } from 'node:timers/promises';
import { MEMBER_CLOSE_CODES, SPECTATOR_CLOSE_CODES } from '@clawtank/contracts';
import type { RoomClient } from '../client/room-client.js';
import { atMost, Broken, equal, within } from '../expect.js';
import { eachOf, type Person } from '../installation.js';
import type { Scenario, Stage } from '../scenario.js';
import { spectate, verifySpectator } from './spectators.js';

/** 4,000 characters of four bytes: so much a message that soon no buffer of the system's holds any more. */
const LONG = '🦀'.repeat(4000);
const PAUSE_MS = 4;
const PATIENCE_MS = 30_000;
const GIVEN_UP_WITHIN_MS = 15_000;
const MEGABYTE = 2 ** 20;
/** The 4 MB that may wait for one member, and what else a server at work holds for a while. */
const HELD_MB = 12;
/** What a server keeps of the messages themselves, such as the newest of each room. */
const LEFT_MB = 8;
const PHASE_MESSAGES = 400;
const LOOKS = 5;
/** Looking costs the server more than a message does. */
const BETWEEN_LOOKS = 25;

interface Scene {
  readonly host: Person;
  readonly roomId: string;
  readonly writer: RoomClient;
  readonly slow: RoomClient;
  readonly neighbour: RoomClient;
  /** Milliseconds from sending to arriving at the neighbour. */
  readonly delays: number[];
  say(): Promise<void>;
}

async function scene(stage: Stage): Promise<Scene> {
  const { installation, random } = stage;
  const [host, bob, sloth] = (await installation.newPeople(3)) as [Person, Person, Person];
  const { id: roomId } = await installation.newRoom([host, bob, sloth], { visibility: 'public' });
  const delays: number[] = [];
  const sentAt = new Map<string, number>();
  const neighbour = await installation.follow(stage, bob, roomId, installation.left, {
    onEntry: (event) => {
      const id = event.type === 'chat.message' ? event.data.message.clientMessageId : null;
      const sent = id === null ? undefined : sentAt.get(id);
      if (sent !== undefined) {
        delays.push(performance.now() - sent);
      }
    },
  });
  const writer = await installation.follow(stage, host, roomId, installation.left);
  const slow = await installation.follow(stage, sloth, roomId, installation.left);
  await installation.settled();
  const say = async (): Promise<void> => {
    const id = random.id();
    sentAt.set(id, performance.now());
    await writer.say(LONG, id);
    await wait(PAUSE_MS);
  };
  return { host, roomId, writer, slow, neighbour, delays, say };
}

/** Talks until `isDone`; that it never comes about breaks `promise`. */
async function talkUntil(promise: string, { say }: Scene, isDone: () => boolean | Promise<boolean>): Promise<void> {
  for (const until = performance.now() + PATIENCE_MS; !(await isDone());) {
    if (performance.now() > until) {
      throw new Broken(promise, `within ${PATIENCE_MS} ms of talking`, 'nothing of the kind');
    }
    await Promise.all(Array.from({ length: BETWEEN_LOOKS }, say));
  }
}

const p99 = (delays: readonly number[]): number => {
  const sorted = [...delays].sort((left, right) => left - right);
  return sorted[Math.floor(sorted.length * 0.99)] ?? 0;
};

/** How many connections of people the process has, by its own account. */
async function connections({ installation }: Stage): Promise<number> {
  const text = await (await fetch(`${installation.left.url}/metrics`)).text();
  return Number(/^clawtank_connections\{kind="human"\} (\d+)/m.exec(text)?.[1]);
}

export const slow: readonly Scenario[] = [
  {
    name: 'slow-member-recovers',
    promise: 'A member who stops reading is cut off with a documented code and recovers.',
    async run(stage) {
      const it = await scene(stage);
      const open = await connections(stage);
      const line = it.slow.socket!;
      line.stopReading();
      await talkUntil('a member who does not read is cut off', it, async () => (await connections(stage)) < open);
      line.readOn();
      const { code } = await line.whenClosed;
      equal('the code with which a slow member is cut off', code, MEMBER_CLOSE_CODES.tooSlow);
      await within(
        PATIENCE_MS,
        'the slow member comes back',
        () => it.slow.connectedAt.length === 2 && it.slow.isConnected,
      );
      await it.say();
      await stage.installation.verify(it.host, it.roomId, [it.slow, it.neighbour, it.writer]);
      equal('the others were never cut off', [it.neighbour.connectedAt.length, it.writer.connectedAt.length], [1, 1]);
    },
  },
  {
    name: 'slow-member-memory',
    promise: 'What waits for members who stop reading is bounded, and returned when they are cut off.',
    async run(stage) {
      const it = await scene(stage);
      const { left } = stage.installation;
      for (let index = 0; index < 250; index++) {
        await it.say(); // so that what a server holds of a busy room anyhow is held already
      }
      const inUse = async () => {
        const { heap, external } = await left.memory();
        return (heap + external) / MEGABYTE;
      };
      // Some garbage is let go of only after it was looked at several times.
      const before = Math.min(...(await eachOf(Array.from({ length: LOOKS }), inUse, 1)));
      const held = async () => (await inUse()) - before;
      const open = await connections(stage);
      const line = it.slow.socket!;
      line.stopReading();
      let most = 0;
      await talkUntil('a member who does not read is cut off', it, async () => {
        most = Math.max(most, await held());
        return (await connections(stage)) < open;
      });
      atMost('megabytes held for a member who does not read', most, HELD_MB);
      // It never reads again: its line must be ended and the memory come back all the same.
      await within(GIVEN_UP_WITHIN_MS, 'its line is ended, whatever it does', () => {
        line.raw.ping();
        return !line.isOpen;
      });
      await within(PATIENCE_MS, `all but ${LEFT_MB} MB of it are returned`, async () => (await held()) < LEFT_MB, held);
    },
  },
  {
    name: 'slow-member-neighbours',
    promise: 'While a member does not read, the 99th percentile of the others is what it was before.',
    async run(stage) {
      const it = await scene(stage);
      const phase = async () => {
        it.delays.length = 0;
        for (let index = 0; index < PHASE_MESSAGES; index++) {
          await it.say();
        }
        return p99(it.delays);
      };
      await phase(); // to warm up
      const control = await phase();
      it.slow.socket!.stopReading();
      const observed = await phase();
      atMost(
        `milliseconds of the others’ p99, if it was ${control.toFixed(1)} before`,
        observed,
        Math.max(control * 4, control + 60),
      );
    },
  },
];

/** What counts nothing and measures no time, so that others may be at work meanwhile. */
export const slowSpectators: readonly Scenario[] = [
  {
    name: 'slow-spectator-recovers',
    promise: 'A spectator who stops reading is cut off, and nobody else; it resumes without a gap.',
    async run(stage) {
      const it = await scene(stage);
      const { left } = stage.installation;
      const quick = await spectate(stage, left, it.roomId);
      const lazy = await spectate(stage, left, it.roomId);
      const began = quick.of('spectator.welcome')[0]!.public_seq;
      lazy.stopReading();
      for (let index = 0; index < PHASE_MESSAGES * 2; index++) {
        await it.say();
      }
      lazy.readOn();
      const { code } = await within(PATIENCE_MS, 'a spectator who does not read is cut off', () => lazy.closed);
      if (code !== 1006) {
        equal('the code with which a slow spectator is cut off', code, SPECTATOR_CLOSE_CODES.tooSlow);
      }
      await verifySpectator(stage.installation, it.roomId, quick, began);
      const seen = lazy.events.at(-1)?.public_seq ?? began;
      const epoch = lazy.of('spectator.welcome')[0]!.epoch;
      const again = await spectate(stage, left, it.roomId, { last_public_seq: seen, epoch });
      const welcome = again.of('spectator.welcome')[0]!;
      await verifySpectator(stage.installation, it.roomId, again, welcome.public_seq);
    },
  },
];
