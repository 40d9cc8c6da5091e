import { setTimeout as wait } from 'node:timers/promises';
import type { Task } from '@clawtank/contracts';
import { PlainSpectator } from '../../test/spectators/spectators.support.js';
import { RoomClient } from '../client/room-client.js';
import { equal, within } from '../expect.js';
import { eachOf, type Installation, type Person } from '../installation.js';
import type { Scenario, Stage } from '../scenario.js';
import type { Server } from '../server.js';
import { verifySpectator } from './spectators.js';

const PEOPLE = 10;
/** So that the kill falls into the midst of it, however slow the machine is. */
const SAID_BEFORE = 50;
const UNTIL_DONE_MS = 45_000;

/** Like a proxy: the process asked for, or the other one while that is away. */
const behindProxy =
  ({ servers }: Installation, preferred: Server): (() => string) =>
  () =>
    (preferred.isRunning ? preferred : (servers.find(({ isRunning }) => isRunning) ?? preferred)).url;

async function followAnywhere(
  stage: Stage,
  person: Person,
  roomId: string,
  preferred: Server,
  onEntry?: () => void,
): Promise<RoomClient> {
  const { installation, random } = stage;
  const options = { isHasty: true, ...(onEntry && { onEntry }) };
  const address = behindProxy(installation, preferred);
  const client = new RoomClient(address, person.token, roomId, random.fork(random.word()), options);
  stage.keep(() => client.close());
  await client.joined();
  return client;
}

/** People on both processes talk on through everything while `kill` is at work; then everything is compared. */
async function talkThrough(stage: Stage, kill: () => Promise<void>): Promise<void> {
  const { installation, random } = stage;
  const people = await installation.newPeople(PEOPLE);
  const room = await installation.newRoom(people);
  const clients = await eachOf(people, (person, index) =>
    followAnywhere(stage, person, room.id, installation.servers[index % 2 ? 1 : 0]),
  );
  let isTalking = true;
  const talking = clients.map(async (client) => {
    while (isTalking) {
      await client.say(random.word());
      await wait(random.between(0, 10));
    }
  });
  const acknowledged = () => clients.reduce((sum, client) => sum + client.acknowledged.length, 0);
  await within(UNTIL_DONE_MS, 'people talk', () => acknowledged() >= SAID_BEFORE, acknowledged);
  await kill();
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

/** Kills the process at a random moment, and starts it again a moment later. */
async function killAndRestart({ random }: Stage, server: Server): Promise<void> {
  await wait(random.between(200, 900));
  await server.kill();
  await wait(random.between(50, 400));
  await server.start();
}

export const kills: readonly Scenario[] = [
  {
    name: 'kill-left',
    promise: 'kill -9 of one process: every acknowledged message is in the database and at every client, once.',
    run: (stage) => talkThrough(stage, () => killAndRestart(stage, stage.installation.left)),
  },
  {
    name: 'kill-right',
    promise: 'kill -9 of the other process: the same.',
    run: (stage) => talkThrough(stage, () => killAndRestart(stage, stage.installation.right)),
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
      const resumed = watch(installation.right, last);
      await resumed.welcome();
      await wait(300);
      isTalking = false;
      await talking;
      await installation.left.start();
      await verifySpectator(installation, room.id, loyal, 0);
      await verifySpectator(installation, room.id, resumed, last);
      await verifySpectator(installation, room.id, { events: [...struck.events, ...resumed.events] }, 0);
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
