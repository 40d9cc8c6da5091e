import { randomUUID } from 'node:crypto';
import type { ChatMessage } from '@clawtank/contracts';
import { createTestDatabase } from '../support/database.js';
import { accepted, eventually, Person } from '../support/people.js';
import { ServerProcess } from '../support/server-process.js';

const SECRETS = {
  JWT_SECRET: 'a-test-signing-key-of-no-value-0123456789',
  ENCRYPTION_KEY: '0123456789abcdef'.repeat(4),
};
const SOCKETS = 100;

describe('a server that is asked to stop', () => {
  it('while a hundred sockets talk ends well, and has stored everything it acknowledged', async () => {
    const database = await createTestDatabase();
    const env = { DATABASE_URL: database.url, ...SECRETS };
    const first = await ServerProcess.start(env);
    const ann = await Person.register(first.url);
    const room = await ann.createRoom();
    const sockets = await Promise.all(Array.from({ length: SOCKETS }, () => ann.connect()));
    await accepted(sockets[0]!, 'join_room', { roomId: room.id });

    const acknowledged: string[] = [];
    const talking = sockets.map(async (socket) => {
      while (socket.connected) {
        const reply = await accepted(socket, 'chat_message', {
          roomId: room.id,
          message: 'while it lasts',
          clientMessageId: randomUUID(),
        }).catch(() => undefined);
        if (reply) {
          acknowledged.push(reply.id);
        }
      }
    });
    await eventually(() => acknowledged.length > SOCKETS);
    const stopped = first.stop();
    await eventually(() => sockets.some(({ connected }) => !connected));
    await expect(fetch(`${first.url}/health/live`)).rejects.toThrow(); // a proxy asks another process at once
    expect(await stopped).toBe(0);
    expect(
      first
        .output()
        .replace(/^.*ClawTank is ready.*$|^.*one-time link:$|^ *http.*$/gm, '')
        .trim(),
    ).toBe('');
    sockets.forEach((socket) => socket.close());
    await Promise.all(talking);

    const second = await ServerProcess.start(env);
    const stored = new Set<string>();
    for (let beforeSeq: number | undefined; ;) {
      const query = `limit=100${beforeSeq === undefined ? '' : `&before=${beforeSeq}`}`;
      const page = await ann
        .at(second.url)
        .request<{ messages: ChatMessage[] }>('GET', `/api/rooms/${room.id}/messages?${query}`);
      page.messages.forEach(({ id }) => stored.add(id));
      beforeSeq = page.messages.length > 0 ? Math.min(...page.messages.map(({ seq }) => seq)) : undefined;
      if (beforeSeq === undefined) {
        break;
      }
    }
    expect(acknowledged.filter((id) => !stored.has(id))).toEqual([]);
    expect(await second.stop()).toBe(0);
    first.removeData();
    second.removeData();
    await database.drop();
  }, 90_000);
});
