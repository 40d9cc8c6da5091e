import { setTimeout as wait } from 'node:timers/promises';
import type { PublicEvent } from '@clawtank/contracts';
import { PlainSpectator } from '../../test/spectators/spectators.support.js';
import { equal, isTrue, within } from '../expect.js';
import { eachOf, type Installation, type Person } from '../installation.js';
import type { Scenario } from '../scenario.js';
import type { Server } from '../server.js';

const CUT_OFF_MS = 1000;

/** Checks that what strangers were sent counts without gaps from where they began, and is what the log calls public. */
export async function verifySpectator(
  installation: Installation,
  roomId: string,
  spectator: { readonly events: readonly PublicEvent[] },
  from: number,
): Promise<void> {
  const log = (await installation.log(roomId)).filter(({ publicSeq }) => publicSeq !== null && publicSeq > from);
  await within(
    15_000,
    'a spectator is sent everything public',
    () => spectator.events.at(-1)?.public_seq === log.at(-1)?.publicSeq,
    () => [spectator.events.at(-1)?.public_seq, log.at(-1)?.publicSeq],
  );
  equal(
    'a spectator is sent each public entry once, in order, without gaps',
    spectator.events.map(({ public_seq, event_id }) => [public_seq, event_id]),
    log.map(({ publicSeq, id }) => [publicSeq, id]),
  );
  equal(
    'the public sequence counts without gaps',
    spectator.events.map(({ public_seq }) => public_seq),
    spectator.events.map((_, index) => from + 1 + index),
  );
}

export async function spectate(
  stage: { keep(release: () => void): void },
  server: Server,
  roomId: string,
  resume = {},
): Promise<PlainSpectator> {
  const spectator = new PlainSpectator(server.url, roomId, resume);
  stage.keep(() => spectator.socket.terminate());
  await spectator.welcome();
  return spectator;
}

export const spectators: readonly Scenario[] = [
  {
    name: 'spectators-see-what-is-public',
    promise: 'Strangers see every public entry, gapless on both processes, and no byte of what is private.',
    async run(stage) {
      const { installation, random } = stage;
      const [ann, bob] = (await installation.newPeople(2)) as [Person, Person];
      const room = await installation.newRoom([ann, bob], { visibility: 'public' });
      const watching = await eachOf([...installation.servers, ...installation.servers], (server) =>
        spectate(stage, server, room.id),
      );
      const sockets = await eachOf(installation.servers, (server) => installation.socket(stage, ann, server));
      const canary = `canary-${random.word()}-${random.word()}`;
      await eachOf(Array.from({ length: 200 }), (_, index) => {
        const isPrivate = random.chance(0.4);
        return sockets[index % 2]!.accepted('chat_message', {
          roomId: room.id,
          message: isPrivate ? `${canary} ${random.word()}` : random.word(),
          visibility: isPrivate ? 'members' : 'public',
        });
      });
      await installation.settled();
      for (const spectator of watching) {
        const [welcome] = spectator.of('spectator.welcome');
        await verifySpectator(installation, room.id, spectator, welcome?.public_seq ?? 0);
        isTrue('nothing private arrived', !spectator.raw.includes(canary));
        isTrue('nobody is told the place in the members’ log', !/"seq":/.test(spectator.raw));
      }
      const late = await spectate(stage, installation.right, room.id);
      isTrue('nor does it for who comes later', !late.raw.includes(canary));
    },
  },
  {
    name: 'spectators-cut-when-private',
    promise: 'A room that becomes private cuts its spectators on both processes within a second and lets none in.',
    async run(stage) {
      const { installation } = stage;
      const [ann] = (await installation.newPeople(1)) as [Person];
      const room = await installation.newRoom([ann], { visibility: 'public' });
      const watching = await eachOf([...installation.servers, ...installation.servers], (server) =>
        spectate(stage, server, room.id),
      );
      await installation.rest(ann, 'PUT', `/api/rooms/${room.id}`, { visibility: 'private' });
      const seen = watching.map(({ events }) => events.length);
      await within(CUT_OFF_MS, 'all spectators are cut off', () => watching.every(({ closed }) => closed !== null));
      const socket = await installation.socket(stage, ann, installation.left);
      await socket.accepted('chat_message', { roomId: room.id, message: 'At last alone' });
      await wait(300);
      equal(
        'they hear nothing of what is said then',
        watching.map(({ events }) => events.length),
        seen,
      );
      for (const server of installation.servers) {
        const late = new PlainSpectator(server.url, room.id);
        await within(5000, 'a stranger is refused', () => late.closed);
        equal('without a word about the room', late.of('spectator.welcome'), []);
      }
    },
  },
];
