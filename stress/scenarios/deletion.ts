import { setTimeout as wait } from 'node:timers/promises';
import type { SearchResults } from '@clawtank/contracts';
import { equal, within } from '../expect.js';
import type { Person } from '../installation.js';
import type { Scenario } from '../scenario.js';
import type { Server } from '../server.js';
import { spectate } from './spectators.js';

const GONE_MS = 2000;

export const deletion: readonly Scenario[] = [
  {
    name: 'deleted-is-gone',
    promise: 'Two seconds after a message was deleted at one process, no reader of either process finds a trace of it.',
    async run(stage) {
      const { installation, random } = stage;
      const [ann, bob] = (await installation.newPeople(2)) as [Person, Person];
      const room = await installation.newRoom([ann, bob], { visibility: 'public' });
      const follower = await installation.follow(stage, bob, room.id, installation.right);
      const before = follower.state;
      const writer = await installation.follow(stage, ann, room.id, installation.left);
      const canary = `canary${random.word()}${random.word()}`;
      const said = await writer.say(`the ${canary} sings`);
      const spectator = await spectate(stage, installation.right, room.id);
      await writer.socket!.accepted('edit_message', {
        roomId: room.id,
        messageId: said!.id,
        message: `the ${canary} hums`,
      });
      await within(5000, 'everybody has heard of it', () => JSON.stringify(follower.state).includes('hums'));
      const found = async (server: Server) =>
        (await installation.rest<SearchResults>(bob, 'GET', `/api/search?q=${canary}`, undefined, server)).hits;
      equal('what is searched for is found before', (await found(installation.right)).length, 1);
      await writer.socket!.accepted('delete_message', { roomId: room.id, messageId: said!.id });
      await wait(GONE_MS);

      const places: Record<string, unknown> = { 'a follower': follower.state, 'the writer': writer.state };
      for (const server of installation.servers) {
        const read = (path: string) =>
          installation
            .rest(bob, 'GET', path, undefined, server)
            .catch((error: unknown) => (error as { problem: unknown }).problem);
        places[`a snapshot of ${server.name}`] = await installation.snapshot(bob, room.id, server);
        places[`the messages at ${server.name}`] = await read(`/api/rooms/${room.id}/messages`);
        places[`the message at ${server.name}`] = await read(`/api/rooms/${room.id}/messages/${said!.id}`);
        places[`its history at ${server.name}`] = await read(`/api/rooms/${room.id}/messages/${said!.id}/history`);
        places[`search at ${server.name}`] = await found(server);
        const late = await installation.follow(stage, bob, room.id, server, {
          from: before,
          onEntry: (event) => (places[`a replay of ${event.seq} at ${server.name}`] = event),
        });
        places[`recovery at ${server.name}`] = late.state;
        const stranger = await spectate(stage, server, room.id);
        places[`a spectator at ${server.name}`] = stranger.raw;
        const resumed = await spectate(stage, server, room.id, { last_public_seq: 0, epoch: before.epoch });
        await wait(200);
        places[`a spectator’s replay at ${server.name}`] = resumed.raw;
      }
      places['the log'] = await installation.query(`SELECT * FROM room_events WHERE room_id = $1`, [room.id]);
      places['the messages'] = await installation.query(`SELECT * FROM messages WHERE room_id = $1`, [room.id]);
      places['their versions'] = await installation.query(`SELECT * FROM message_versions`);
      places['the receipts'] = await installation.query(`SELECT * FROM command_receipts`);
      places['the outbox'] = await installation.query(`SELECT * FROM outbox`);
      equal(
        'places that still hold it',
        Object.keys(places).filter((place) => JSON.stringify(places[place])?.includes(canary)),
        [],
      );
      equal('those who watched were told to take it off the screen', spectator.events.at(-1)?.type, 'chat.deleted');
    },
  },
];
