import { setTimeout as wait } from 'node:timers/promises';
import type { RoomClient } from '../client/room-client.js';
import { equal, atLeast, within } from '../expect.js';
import { eachOf, type Person } from '../installation.js';
import type { Scenario, Stage } from '../scenario.js';

const CLIENTS = 50;
const CUT_FOR_MS = 9_000;
const CUT_EVERY_MS = [1000, 3000] as const;
const WRITING_SOCKETS = 20;
const JOINS = 200;
const JOINS_AT_ONCE = 10;
/** What `MAX_RECOVERED` of the server is: past this many missed entries it sends a snapshot. */
const RECOVERABLE = 1000;

/** Says things until it is told to stop, with a pause between two. */
function talk(client: RoomClient, pauseMs: number, text: () => string): { stop(): Promise<void> } {
  let isTalking = true;
  const talking = (async () => {
    while (isTalking) {
      await client.say(text());
      await wait(pauseMs);
    }
  })();
  return {
    stop: async () => {
      isTalking = false;
      await talking;
    },
  };
}

/** Somebody who was there, went away while `missed` messages were said, and comes back to the other process. */
async function away(stage: Stage, missed: number): Promise<{ client: RoomClient; ann: Person; roomId: string }> {
  const { installation, random } = stage;
  const [ann, bob] = (await installation.newPeople(2)) as [Person, Person];
  const room = await installation.newRoom([ann, bob]);
  await within(15_000, 'the room has its repository, so that nothing but messages is added from now on', async () =>
    (await installation.log(room.id)).some(({ type }) => type === 'git.connected'),
  );
  const before = await installation.follow(stage, bob, room.id, installation.left);
  const writer = await installation.follow(stage, ann, room.id, installation.left);
  await within(5_000, 'everybody has the whole log', () => before.seq === writer.seq);
  await before.close();
  const from = before.state;
  // One connection's commands are done one after the other; several share their transactions.
  const sockets = await eachOf(Array.from({ length: WRITING_SOCKETS }), () =>
    installation.socket(stage, ann, installation.left),
  );
  await eachOf(
    Array.from({ length: missed }),
    (_, index) =>
      sockets[index % WRITING_SOCKETS]!.accepted('chat_message', { roomId: room.id, message: random.word() }),
    WRITING_SOCKETS * 5,
  );
  const client = await installation.follow(stage, bob, room.id, installation.right, { from });
  return { client, ann, roomId: room.id };
}

export const following: readonly Scenario[] = [
  {
    name: 'cut-sockets',
    promise:
      'Fifty clients whose sockets are cut every one to three seconds end with exactly the list of the database.',
    async run(stage) {
      const { installation, random } = stage;
      const people = await installation.newPeople(20);
      const room = await installation.newRoom(people);
      const clients = await eachOf(Array.from({ length: CLIENTS }), (_, index) =>
        installation.follow(stage, people[index % people.length]!, room.id, installation.servers[index % 2 ? 1 : 0], {
          isHasty: true,
        }),
      );
      const until = performance.now() + CUT_FOR_MS;
      const cutting = clients.map(async (client) => {
        while (performance.now() < until) {
          await wait(random.between(...CUT_EVERY_MS));
          client.cut();
        }
      });
      const talkers = clients.slice(0, 10).map((client) => talk(client, 50, () => random.word()));
      await Promise.all(cutting);
      await Promise.all(talkers.map((talker) => talker.stop()));
      await installation.verify(people[0]!, room.id, clients, 20_000);
      const said = clients.flatMap(({ acknowledged }) => acknowledged);
      atLeast('enough was said meanwhile', said.length, 100);
      const stored = new Map((await installation.log(room.id)).map(({ seq, id }) => [seq, id]));
      equal(
        'every acknowledged message is in the log, where the answer named it',
        said.filter(({ seq, id }) => stored.get(seq) !== id),
        [],
      );
      atLeast(
        'the sockets were cut, again and again',
        clients.reduce((sum, one) => sum + one.connectedAt.length, 0),
        CLIENTS * 3,
      );
    },
  },
  {
    name: 'away-recovers',
    promise: 'Who missed as much as can be recovered gets every entry of it, and no snapshot.',
    async run(stage) {
      const { client, ann, roomId } = await away(stage, RECOVERABLE - 20);
      await stage.installation.verify(ann, roomId, [client]);
      equal('it was recovered', [client.recoveries, client.reloads], [1, 0]);
      atLeast('all that was missed arrived', client.received.size, RECOVERABLE - 20);
    },
  },
  {
    name: 'away-reloads',
    promise: 'Who missed more than that gets a snapshot, never a part of the list.',
    async run(stage) {
      const { client, ann, roomId } = await away(stage, RECOVERABLE + 200);
      await stage.installation.verify(ann, roomId, [client]);
      equal('it was reloaded', [client.recoveries, client.reloads], [0, 1]);
    },
  },
  {
    name: 'away-wrong-place',
    promise: 'Who names a place of another log, or one that does not exist yet, gets a snapshot.',
    async run(stage) {
      const { installation } = stage;
      const [ann] = (await installation.newPeople(1)) as [Person];
      const [room, other] = [await installation.newRoom([ann]), await installation.newRoom([ann])];
      for (const server of installation.servers) {
        const true_ = await installation.snapshot(ann, room.id, server);
        const foreign = await installation.snapshot(ann, other.id, server);
        const ahead = { ...true_, seq: true_.seq + 1000 };
        for (const from of [{ ...true_, epoch: foreign.epoch }, ahead]) {
          const client = await installation.follow(stage, ann, room.id, server, { from });
          equal('it was reloaded', [client.recoveries, client.reloads], [0, 1]);
          await installation.verify(ann, room.id, [client]);
        }
      }
    },
  },
  {
    name: 'join-while-writing',
    promise: `Between the snapshot and the subscription nothing is lost or doubled, ${JOINS} times while others write.`,
    async run(stage) {
      const { installation, random } = stage;
      const people = await installation.newPeople(6);
      const room = await installation.newRoom(people);
      const writers = await eachOf(people.slice(0, 4), (person, index) =>
        installation.follow(stage, person, room.id, installation.servers[index % 2 ? 1 : 0]),
      );
      const talkers = writers.map((writer) => talk(writer, 4, () => random.word()));
      await eachOf(
        Array.from({ length: JOINS }),
        async (_, index) => {
          const server = installation.servers[index % 2 ? 1 : 0];
          const joiner = await installation.follow(stage, people[4 + (index % 2)]!, room.id, server);
          const { seq } = joiner;
          await within(10_000, 'a newcomer hears what is said after it came', () => joiner.seq >= seq + 5);
          await joiner.close();
          const log = await installation.log(room.id);
          joiner.verifyAgainst(log.filter((entry) => entry.seq <= joiner.seq));
        },
        JOINS_AT_ONCE,
      );
      await Promise.all(talkers.map((talker) => talker.stop()));
      await installation.verify(people[0]!, room.id, writers);
    },
  },
  {
    name: 'join-and-leave-at-once',
    promise:
      'Joining and leaving in quick succession on one connection ends in one subscription, or none, as the last word was.',
    async run(stage) {
      const { installation, random } = stage;
      const [ann, bob] = (await installation.newPeople(2)) as [Person, Person];
      const room = await installation.newRoom([ann, bob]);
      const writer = await installation.follow(stage, ann, room.id, installation.left);
      for (const endsInside of [true, false]) {
        const socket = await installation.socket(stage, bob, installation.right);
        const seen: number[] = [];
        socket.listen((name, payload) => {
          if (name === 'message_broadcast') {
            seen.push((payload as { message: { seq: number } }).message.seq);
          }
        });
        const { roomId } = writer;
        const asked = Array.from({ length: 60 }, () =>
          random.chance(0.6) ? socket.ask('join_room', { roomId }) : socket.ask('leave_room', { roomId }),
        );
        await Promise.all(Array.from({ length: 30 }, () => writer.say(random.word())));
        await Promise.all([...asked, socket.ask(endsInside ? 'join_room' : 'leave_room', { roomId })]);
        seen.length = 0;
        const said = await eachOf(Array.from({ length: 20 }), () => writer.say(random.word()), 1);
        await wait(500);
        equal(
          endsInside ? 'a member hears each message once' : 'who left hears nothing',
          seen,
          endsInside ? said.map((message) => message!.seq) : [],
        );
      }
    },
  },
];
