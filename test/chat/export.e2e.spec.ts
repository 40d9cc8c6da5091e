import { get, type IncomingMessage } from 'node:http';
import { jest } from '@jest/globals';
import { DataSource } from 'typeorm';
import type { ExportLine } from '../../apps/api/src/chat/export/room-export.js';
import { RoomLog } from '../../apps/api/src/rooms/index.js';
import { startTestServer, type TestServer } from '../support/app.js';
import type { Person } from '../support/people.js';
import { aRoom, type Speaker } from './chat.support.js';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(() => server.close());

const ask = (person: Person, roomId: string) =>
  fetch(`${server.url}/api/rooms/${roomId}/export`, { headers: { authorization: `Bearer ${person.token}` } });

const linesOf = (text: string): ExportLine[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as ExportLine);

describe('The export of a room', () => {
  it('holds everything in order, messages as they stand, and its own end', async () => {
    const { roomId, speakers, close } = await aRoom(server.url);
    const [host, bob] = speakers as [Speaker, Speaker];
    const edited = await host.say('first');
    await host.edit(edited.id, 'first, edited');
    const deleted = await bob.say('regretted');
    await bob.delete(deleted.id);
    const thread = await bob.say('in the thread', { threadId: edited.id });
    const response = await ask(host.person, roomId);
    expect(response.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
    const lines = linesOf(await response.text());
    expect(lines[0]).toMatchObject({ kind: 'room', room: { id: roomId } });
    expect(lines.flatMap((line) => (line.kind === 'member' ? [line.member.id] : []))).toEqual([host.id, bob.id]);
    const messages = lines.flatMap((line) => (line.kind === 'message' ? [line.message] : []));
    expect(messages.map(({ id, message }) => [id, message])).toEqual([
      [edited.id, 'first, edited'],
      [deleted.id, ''],
      [thread.id, 'in the thread'],
    ]);
    const activity = lines.filter(({ kind }) => kind === 'activity').length;
    expect(activity).toBeGreaterThanOrEqual(2);
    expect(lines.at(-1)).toEqual({ kind: 'end', messages: 3, activity });
    close();
  });

  it('is for the host only, and stays on record', async () => {
    const { roomId, speakers, close } = await aRoom(server.url);
    const [host, bob] = speakers as [Speaker, Speaker];
    const stranger = await aRoom(server.url, 0);
    expect((await ask(bob.person, roomId)).status).toBe(403);
    expect((await ask(stranger.speakers[0]!.person, roomId)).status).toBe(404);
    expect((await ask(host.person, roomId)).status).toBe(200);
    const audit = await server.app
      .get(DataSource)
      .query<unknown[]>(`SELECT actor_id FROM audit_entries WHERE room_id = $1 AND action = 'room.exported'`, [roomId]);
    expect(audit).toEqual([{ actor_id: host.id }]);
    close();
    stranger.close();
  });

  it('is read and sent a page at a time, however long the room has been talking', async () => {
    const { roomId, speakers, close } = await aRoom(server.url, 0);
    const [host] = speakers as [Speaker];
    const count = 8000;
    await host.say('the first of many');
    const text = 'x'.repeat(2000);
    // The places are taken as the server takes them: it may be telling of the room's repository meanwhile.
    await server.app.get(DataSource).transaction(async (manager) => {
      await manager.query(
        `WITH head AS (UPDATE rooms SET last_seq = last_seq + $4::int WHERE id = $1 RETURNING last_seq)
         INSERT INTO messages (id, room_id, seq, author_type, author_id, author_name, body, visibility, trust, created_at)
         SELECT gen_random_uuid(), $1, last_seq - $4::int + n, 'human', $2, 'host', $3, 'public', 'owner', now()
         FROM head, generate_series(1, $4::int) n`,
        [roomId, host.id, text, count],
      );
      await manager.query(
        `INSERT INTO room_events (room_id, seq, id, type, actor_type, actor_id, actor_name, visibility, payload, created_at)
         SELECT room_id, seq, id, 'chat.message', 'human', author_id, 'host', 'members',
                jsonb_build_object('message', jsonb_build_object('id', id, 'message', body)), created_at
         FROM messages WHERE room_id = $1 AND body = $2`,
        [roomId, text],
      );
    });
    const pages = jest.spyOn(server.app.get(RoomLog, { strict: false }), 'after');
    const response = await new Promise<IncomingMessage>((resolve) =>
      get(
        `${server.url}/api/rooms/${roomId}/export`,
        { headers: { authorization: `Bearer ${host.person.token}` } },
        resolve,
      ),
    );
    // Whoever does not read is not read for: what lies in the buffers of two sockets, and no more.
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(pages.mock.calls.length).toBeLessThan(10);
    let bytes = 0;
    let tail = '';
    for await (const chunk of response as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      tail = (tail + chunk.toString()).slice(-200);
    }
    expect(bytes).toBeGreaterThan(count * text.length);
    expect(tail).toContain(`"kind":"end","messages":${count + 1}`);
    expect(pages.mock.calls.length).toBeGreaterThanOrEqual(count / 500);
    close();
  }, 60_000);
});
