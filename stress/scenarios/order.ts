import type { Scenario } from '../scenario.js';
import { eachOf } from '../installation.js';
import { equal } from '../expect.js';

const WRITERS = 8;
/** What one connection says is stored one after the other; what several say at a time shares a transaction. */
const CONNECTIONS_EACH = 5;
const MESSAGES_EACH = 10;
const ROOMS = 10;

export const order: readonly Scenario[] = [
  {
    name: 'order-racing-writers',
    promise: 'Writers racing on two processes make one gapless order, which every client sees alike.',
    async run(stage) {
      const { installation, random } = stage;
      const people = await installation.newPeople(WRITERS);
      const room = await installation.newRoom(people);
      const clients = await eachOf(Array.from({ length: WRITERS * CONNECTIONS_EACH }), (_, index) =>
        installation.follow(stage, people[index % WRITERS]!, room.id, installation.servers[random.chance(0.5) ? 1 : 0]),
      );
      await Promise.all(
        clients.flatMap((client) => Array.from({ length: MESSAGES_EACH }, () => client.say(random.word()))),
      );
      await installation.verify(people[0]!, room.id, clients);
      const said = clients.flatMap(({ acknowledged }) => acknowledged);
      const stored = await installation.query<{ id: string; seq: string }>(
        `SELECT id, seq FROM messages WHERE room_id = $1 ORDER BY seq`,
        [room.id],
      );
      equal(
        'what was acknowledged is what is stored, at the place that the answer named',
        stored.map(({ id, seq }) => [Number(seq), id]),
        said.map(({ id, seq }) => [seq, id] as [number, string]).sort(([left], [right]) => left - right),
      );
      equal('nothing is stored twice', stored.length, clients.length * MESSAGES_EACH);
    },
  },
  {
    name: 'order-many-rooms',
    promise: 'Rooms written to at once keep an order each, and nothing of one shows up in another.',
    async run(stage) {
      const { installation, random } = stage;
      const people = await installation.newPeople(4);
      const rooms = await eachOf(Array.from({ length: ROOMS }), () => installation.newRoom(people));
      const clients = await eachOf(
        rooms.flatMap((room) => people.map((person) => ({ room, person }))),
        ({ room, person }, index) =>
          installation.follow(stage, person, room.id, installation.servers[index % 2 ? 1 : 0]),
      );
      await Promise.all(Array.from({ length: 300 }, () => random.pick(clients).say(random.word())));
      for (const room of rooms) {
        await installation.verify(
          people[0]!,
          room.id,
          clients.filter(({ roomId }) => roomId === room.id),
        );
      }
    },
  },
];
