import { setTimeout as wait } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { RoomUpdate } from '@clawtank/contracts';
import { atLeast, atMost, equal, within } from '../expect.js';
import { eachOf, type Person } from '../installation.js';
import type { Scenario } from '../scenario.js';

const RIGHT_WITHIN_MS = 60_000;
const FLAPPING_MS = 6_000;

export const presence: readonly Scenario[] = [
  {
    name: 'presence-while-flapping',
    promise: 'However many people come and go, a room’s members are told at most once a second.',
    async run(stage) {
      const { installation, random } = stage;
      const people = await installation.newPeople(12);
      const room = await installation.newRoom(people);
      const updates: number[] = [];
      let last: RoomUpdate | undefined;
      await installation.follow(stage, people[0]!, room.id, installation.right, {
        onPush: (name, payload) => {
          if (name === 'room_update') {
            updates.push(performance.now());
            last = payload as RoomUpdate;
          }
        },
      });
      await wait(1500);
      updates.length = 0;
      const until = performance.now() + FLAPPING_MS;
      await eachOf(
        people.slice(1),
        async (person, index) => {
          while (performance.now() < until) {
            const socket = await installation.socket(stage, person, installation.servers[index % 2 ? 1 : 0]);
            await wait(random.between(20, 300));
            socket.cut();
          }
        },
        people.length,
      );
      atMost('frames in six seconds', updates.length, FLAPPING_MS / 1000 + 1);
      atLeast('frames in six seconds', updates.length, 2);
      await within(
        5000,
        'in the end all who left are offline',
        () => last?.members.every(({ id, status }) => (status === 'offline') === (id !== people[0]!.id)),
        () => last?.members.map(({ name, status }) => [name, status]),
      );
    },
  },
  {
    name: 'presence-after-a-kill',
    promise: 'Sixty seconds after a process was killed, nobody who was there alone is shown as present.',
    async run(stage) {
      const { installation } = stage;
      const [ann, bob, carl] = (await installation.newPeople(3)) as [Person, Person, Person];
      const room = await installation.newRoom([ann, bob, carl]);
      let last: RoomUpdate | undefined;
      await installation.follow(stage, ann, room.id, installation.right, {
        onPush: (name, payload) => (last = name === 'room_update' ? (payload as RoomUpdate) : last),
      });
      const statuses = () =>
        Object.fromEntries(last?.members.map(({ id, status }) => [id, status === 'offline' ? 'away' : 'here']) ?? []);
      await installation.socket(stage, bob, installation.left); // only where it will be killed
      await installation.socket(stage, carl, installation.left);
      await installation.socket(stage, carl, installation.right); // on both
      const here = { [ann.id]: 'here', [bob.id]: 'here', [carl.id]: 'here' };
      await within(
        10_000,
        'all are shown as present',
        () => isDeepStrictEqual(statuses(), here), // in whatever order they came into the room
        statuses,
      );
      await installation.left.kill();
      await within(
        RIGHT_WITHIN_MS,
        'who was at the killed process alone is shown as away',
        () => statuses()[bob.id] === 'away',
        statuses,
      );
      equal('and nobody else', statuses(), { ...here, [bob.id]: 'away' });
    },
  },
];
