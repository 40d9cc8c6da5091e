import { setTimeout as wait } from 'node:timers/promises';
import type { Task } from '@clawtank/contracts';
import { PlainSpectator } from '../../test/spectators/spectators.support.js';
import { RoomClient } from '../client/room-client.js';
import { Unanswered } from '../client/wire-socket.js';
import { equal, within } from '../expect.js';
import { eachOf, type Installation, type Person } from '../installation.js';
import type { Scenario, Stage } from '../scenario.js';
import type { Server } from '../server.js';
import { verifySpectator } from './spectators.js';

const PEOPLE = 10;
/** So that the kill falls into the midst of it, however slow the machine is. */
const SAID_BEFORE = 50;
/** What goes wrong between two steps of the server is not found by every kill. */
const KILLS = 2;
/** More than a process tells of without asking the log. */
const MISSED_BY_SPECTATOR = 120;
const UNTIL_DONE_MS = 45_000;
/** How long a client may be behind without knowing it. */
const UNHEARD_WITHIN_MS = 15_000;

/** Like a proxy: the process asked for, or the other one while that is away. */
const behindProxy =
  ({ servers }: Installation, preferred: Server): (() => string) =>
  () =>
    (preferred.isRunning ? preferred : (servers.find(({ isRunning }) => isRunning) ?? preferred)).url;

async function followAnywhere(stage: Stage, person: Person, roomId: string, preferred: Server): Promise<RoomClient> {
  const { installation, random } = stage;
  const address = behindProxy(installation, preferred);
  const client = new RoomClient(address, person.token, roomId, random.fork(random.word()), { isHasty: true });
  stage.keep(() => client.close());
  await client.joined();
  return client;
}

const saidBy = (clients: readonly RoomClient[]): number =>
  clients.reduce((sum, { acknowledged }) => sum + acknowledged.length, 0);

/** People on both processes talk on through everything while `kill` is at work, which is told who belongs where; then everything is compared. */
async function talkThrough(
  stage: Stage,
  kill: (clientsOf: (server: Server) => RoomClient[]) => Promise<void>,
): Promise<void> {
  const { installation, random } = stage;
  const people = await installation.newPeople(PEOPLE);
  const room = await installation.newRoom(people);
  const homeOf = (index: number) => installation.servers[index % 2 ? 1 : 0];
  const clients = await eachOf(people, (person, index) => followAnywhere(stage, person, room.id, homeOf(index)));
  let isTalking = true;
  const talking = clients.map(async (client) => {
    while (isTalking) {
      await client.say(random.word());
      await wait(random.between(0, 10));
    }
  });
  await within(UNTIL_DONE_MS, 'people talk', () => saidBy(clients) >= SAID_BEFORE);
  await kill((server) => clients.filter((_, index) => homeOf(index) === server));
  isTalking = false;
  await Promise.all(talking);
  await installation.verify(people[0]!, room.id, clients, 20_000);

  const said = clients.flatMap(({ acknowledged }) => acknowledged);
  const stored = await installation.query<{ id: string; seq: string; client_message_id: string }>(
    `SELECT id, seq, client_message_id FROM messages WHERE room_id = $1 ORDER BY seq`,
    [room.id],
  );
  equal('messages stored twice', stored.length - new Set(stored.map((row) => row.client_message_id)).size, 0);
  equal(
    'what was acknowledged is what is stored, where the answer named it',
    stored.map(({ id, seq }) => [id, Number(seq)]),
    said.sort((left, right) => left.seq - right.seq).map(({ id, seq }) => [id, seq]),
  );
}

/** Kills the process at random moments, starts it again a moment later, and has those who belong there come back to it. */
async function killAgainAndAgain({ random }: Stage, server: Server, clients: readonly RoomClient[]): Promise<void> {
  for (let time = 0; time < KILLS; time++) {
    const before = saidBy(clients);
    await within(UNTIL_DONE_MS, 'those at the process talk', () => saidBy(clients) >= before + SAID_BEFORE);
    await wait(random.between(0, 500));
    await server.kill();
    await wait(random.between(50, 400));
    await server.start();
    const connections = clients.map(({ connectedAt }) => connectedAt.length);
    clients.forEach((client) => client.cut());
    await within(UNTIL_DONE_MS, 'they come back to it', () =>
      clients.every(({ isConnected, connectedAt }, index) => isConnected && connectedAt.length > connections[index]!),
    );
  }
}

export const kills: readonly Scenario[] = [
  {
    name: 'kill-left',
    promise:
      'kill -9 of one process, again and again: every acknowledged message is in the database and at every client, once.',
    run: (stage) =>
      talkThrough(stage, (clientsOf) =>
        killAgainAndAgain(stage, stage.installation.left, clientsOf(stage.installation.left)),
      ),
  },
  {
    name: 'kill-right',
    promise: 'kill -9 of the other process: the same.',
    run: (stage) =>
      talkThrough(stage, (clientsOf) =>
        killAgainAndAgain(stage, stage.installation.right, clientsOf(stage.installation.right)),
      ),
  },
  {
    name: 'kill-both-at-once',
    promise: 'kill -9 of both processes in the same moment: the same.',
    run: (stage) =>
      talkThrough(stage, async () => {
        await Promise.all(
          stage.installation.servers.map((server) => server.kill()).concat(wait(stage.random.between(200, 900))),
        );
        await Promise.all(stage.installation.servers.map((server) => server.start()));
        await wait(1000);
      }),
  },
  {
    name: 'kill-between-commit-and-news',
    promise:
      'What a process had committed and told nobody when it was killed is at every client within 15 s, though all are silent.',
    async run(stage) {
      const { installation, random } = stage;
      const people = await installation.newPeople(4);
      const room = await installation.newRoom(people);
      await installation.settled();
      const listeners = await eachOf(people, (person) => followAnywhere(stage, person, room.id, installation.right));
      const [ann] = people as [Person];
      const line = await installation.socket(stage, ann, installation.left);
      const request = { roomId: room.id, message: random.word(), clientMessageId: random.id() };
      const log = await installation.gapless(room.id);
      let reply: Promise<unknown> = Promise.resolve();
      await installation.holding(room.id, async () => {
        reply = line.accepted('chat_message', request).catch((error: unknown) => error);
        await within(5000, 'the database was asked to store a message', () => installation.hasWaiting());
        installation.left.freeze();
      });
      // The database does what it was asked to; nobody is left who hears that it has.
      const entry = await within(5000, 'the message is committed', async () =>
        (await installation.log(room.id)).slice(log.length).find(({ type }) => type === 'chat.message'),
      );
      await installation.left.kill();
      equal('it was not acknowledged', (await reply) instanceof Unanswered, true);
      await within(
        UNHEARD_WITHIN_MS,
        'it arrives at every client',
        () => listeners.every(({ received }) => received.get(entry.seq) === entry.id),
        () => listeners.map(({ seq }) => seq),
      );
      const again = await installation.socket(stage, ann, installation.right);
      const { id, seq } = await again.accepted('chat_message', request);
      equal('whoever repeats it is answered with it', [seq, id], [entry.seq, entry.id]);
      await installation.verify(ann, room.id, listeners);
      await installation.left.start();
    },
  },
  {
    name: 'kill-under-spectators',
    promise: 'Spectators of a process that is killed resume at the other, and their sequence has no gap.',
    async run(stage) {
      const { installation, random } = stage;
      const [ann] = (await installation.newPeople(1)) as [Person];
      const room = await installation.newRoom([ann], { visibility: 'public' });
      const writer = await followAnywhere(stage, ann, room.id, installation.right);
      const epoch = writer.state.epoch;
      const watch = (server: Server, last: number) => {
        const spectator = new PlainSpectator(server.url, room.id, { last_public_seq: last, epoch });
        stage.keep(() => spectator.socket.terminate());
        return spectator;
      };
      const loyal = watch(installation.right, 0);
      const struck = watch(installation.left, 0);
      await Promise.all([loyal.welcome(), struck.welcome()]);
      let isTalking = true;
      const talking = (async () => {
        while (isTalking) {
          await writer.say(random.word());
          await wait(5);
        }
      })();
      await wait(random.between(300, 1000));
      await installation.left.kill();
      await within(5000, 'the spectator notices', () => struck.closed);
      const last = struck.events.at(-1)?.public_seq ?? 0;
      const resumed: PlainSpectator[] = [];
      for (const missed of [1, MISSED_BY_SPECTATOR]) {
        await within(UNTIL_DONE_MS, 'people talk', () => (loyal.events.at(-1)?.public_seq ?? 0) >= last + missed);
        const spectator = watch(installation.right, last);
        equal('a spectator resumes', (await spectator.welcome()).recovered, true);
        resumed.push(spectator);
      }
      isTalking = false;
      await talking;
      await installation.left.start();
      await verifySpectator(installation, room.id, loyal, 0);
      for (const spectator of resumed) {
        await verifySpectator(installation, room.id, spectator, last);
        await verifySpectator(installation, room.id, { events: [...struck.events, ...spectator.events] }, 0);
      }
    },
  },
  {
    name: 'kill-before-the-outbox',
    promise: 'What a killed process left in the outbox is done by the other, once: every mention makes its task.',
    async run(stage) {
      const { installation, random } = stage;
      const [ann] = (await installation.newPeople(1)) as [Person];
      const room = await installation.newRoom([ann]);
      const { agent } = await installation.newAgent(ann, room.id, `worker-${random.word()}`);
      const writer = await followAnywhere(stage, ann, room.id, installation.left);
      const killing = (async () => {
        await wait(random.between(100, 400));
        await installation.left.kill();
      })();
      await eachOf(Array.from({ length: 60 }), () => writer.say(`@${agent.name} look at ${random.word()}`), 4);
      await killing;
      const count = async () =>
        (await installation.query<Pick<Task, 'id'>>(`SELECT id FROM tasks WHERE room_id = $1`, [room.id])).length;
      let tasks = 0;
      await within(
        UNTIL_DONE_MS,
        'every mention makes a task',
        async () => (tasks = await count()) >= writer.acknowledged.length,
        () => `${tasks} tasks for ${writer.acknowledged.length} mentions`,
      );
      await installation.settled();
      equal('tasks', await count(), writer.acknowledged.length);
      await installation.left.start();
    },
  },
];
