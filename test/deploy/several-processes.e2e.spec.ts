import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NewAccessToken, PullRequest } from '@clawtank/contracts';
import WebSocket from 'ws';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { Follower } from '../support/follower.js';
import { Nginx } from '../support/nginx.js';
import { accepted, connect, eventually, Person, request, type RoomSocket } from '../support/people.js';
import { freePort } from '../support/free-port.js';
import { describeWithProgram } from '../support/programs.js';
import { pushBranch } from '../support/push-branch.js';
import { describeWithRedis } from '../support/redis.js';
import { ServerProcess } from '../support/server-process.js';

const SECRETS = {
  JWT_SECRET: 'a-test-signing-key-of-no-value-0123456789',
  ENCRYPTION_KEY: '0123456789abcdef'.repeat(4),
};

describeWithProgram('nginx', 'two API processes and two workers behind the shipped nginx', () => {
  describeWithRedis('act as one', (redis) => {
    let database: TestDatabase;
    let dataDir: string;
    let env: Record<string, string>;
    let apis: ServerProcess[] = [];
    let workers: ServerProcess[] = [];
    let nginx: Nginx;
    let url: string;
    const sockets: RoomSocket[] = [];

    beforeAll(async () => {
      database = await createTestDatabase();
      dataDir = mkdtempSync(join(tmpdir(), 'clawtank-deploy-'));
      const port = await freePort();
      env = {
        DATABASE_URL: database.url,
        DATABASE_POOL_SIZE: '6',
        REDIS_URL: redis.url,
        REDIS_PREFIX: redis.prefix,
        DATA_DIR: dataDir,
        PUBLIC_URL: `http://127.0.0.1:${port}`,
        ...SECRETS,
      };
      const start = (role: string) => ServerProcess.start({ ...env, ROLE: role });
      apis = [await start('api'), await start('api')];
      workers = [await start('worker'), await start('worker')];
      nginx = await Nginx.start(
        port,
        apis.map((api) => api.url),
      );
      url = nginx.url;
    }, 120_000);

    afterAll(async () => {
      sockets.forEach((socket) => socket.close());
      await Promise.all([...apis, ...workers].map((process) => process.stop()));
      await nginx.stop();
      rmSync(dataDir, { recursive: true, force: true });
      await database.drop();
    }, 60_000);

    const open = async (person: Person): Promise<RoomSocket> => {
      const socket = await person.connect();
      sockets.push(socket);
      return socket;
    };
    const openConnections = async ({ url: api }: ServerProcess): Promise<number> => {
      const text = await (await fetch(`${api}/metrics`)).text();
      return Number(/^clawtank_connections\{kind="human"\} (\d+)$/m.exec(text)?.[1] ?? 0);
    };

    it('shares people out among the processes, and shows all of them one room', async () => {
      const people = await Promise.all(Array.from({ length: 8 }, () => Person.register(url)));
      const [host] = people as [Person, ...Person[]];
      const room = await host.createRoom({ visibility: 'public' });
      await Promise.all(people.slice(1).map((person) => person.request('POST', `/api/rooms/${room.id}/join`, {})));
      const followers = await Promise.all(people.map(async (person) => Follower.join(await open(person), room.id)));
      const spread = await Promise.all(apis.map(openConnections));
      expect(spread.every((count) => count >= 2)).toBe(true);

      const said = await Promise.all(
        followers.flatMap(({ socket }, person) =>
          Array.from({ length: 5 }, (_, turn) =>
            accepted(socket, 'chat_message', { roomId: room.id, message: `${person}: ${turn}` }),
          ),
        ),
      );
      const head = Math.max(...said.map(({ seq }) => seq));
      const texts = await Promise.all(
        followers.map(async (follower) => (await follower.reach(head)).messages.map(({ message }) => message)),
      );
      texts.forEach((seen) => expect(seen).toEqual(texts[0]));
      expect(texts[0]).toHaveLength(said.length);
      expect(followers.map(({ gaps }) => gaps)).toEqual(followers.map(() => 0));
    });

    it('takes a push, has workers tell the room, and merges: whichever process is asked', async () => {
      const [ann, bob] = [await Person.register(url), await Person.register(url)];
      const room = await ann.createRoomWithRepository();
      await ann.invite(room.id, bob);
      const { token } = await ann.bringAgent(room.id);
      const agent = await connect(url, '/agents', token);
      sockets.push(agent);
      const follower = await Follower.join(await open(ann), room.id);
      await ann.giveWork(room.id, token);
      await pushBranch({ url }, room.id, token, 'agent/work');
      const { number, headSha } = await accepted(agent, 'open_pull_request', {
        roomId: room.id,
        title: 'A change',
        head: 'agent/work',
      });
      await follower.until(({ pullRequests }) => pullRequests.some((pull) => pull.number === number));
      const merged = await bob.request<PullRequest>('POST', `/api/rooms/${room.id}/pulls/${number}/merge`, { headSha });
      expect(merged.number).toBe(number);
      await follower.until(({ pullRequests }) => pullRequests.some(({ state }) => state === 'merged'));
      await eventually(() => follower.events.some(({ type }) => type === 'xp.awarded'));
    }, 60_000);

    it('carries spectators’ plain WebSockets', async () => {
      const ann = await Person.register(url);
      const room = await ann.createRoom({ visibility: 'public' });
      const spectator = new WebSocket(`${url.replace('http', 'ws')}/spectate/${room.id}`);
      const heard: string[] = [];
      spectator.on('message', (data) => heard.push((data as Buffer).toString()));
      await eventually(() => heard.some((text) => text.includes('spectator.welcome')));
      const socket = await open(ann);
      await accepted(socket, 'chat_message', { roomId: room.id, message: 'for everybody to see' });
      await eventually(() => heard.some((text) => text.includes('for everybody to see')));
      spectator.close();
    });

    it('lets no client say where it comes from, and keeps figures and health to the inside', async () => {
      const paths = ['/metrics', '/health/live', '/health/ready'];
      const answers = await Promise.all(paths.map(async (path) => (await fetch(`${url}${path}`)).status));
      expect(answers).toEqual([404, 404, 404]);

      const attempts = await Promise.all(
        Array.from({ length: 120 }, (_, index) =>
          fetch(`${url}/api/auth/login`, {
            method: 'POST',
            headers: { 'content-type': 'application/json', 'x-forwarded-for': `10.0.0.${index}` },
            body: JSON.stringify({ username: `nobody-${index}`, password: 'correct horse battery' }),
          }),
        ),
      );
      expect(attempts.some(({ status }) => status === 429)).toBe(true);
    }, 60_000);

    it('keeps a large push whole, and refuses a large request', async () => {
      const ann = await Person.register(url);
      const room = await ann.createRoomWithRepository();
      const { token } = await ann.request<NewAccessToken>('POST', '/api/auth/tokens', { name: 'laptop' });
      const tip = await pushBranch({ url }, room.id, token, 'large', {
        name: 'large.bin',
        content: randomBytes(24 * 1024 * 1024),
      });
      expect(tip).toMatch(/^[0-9a-f]{40}$/);
      const refused = await fetch(`${url}/api/rooms`, { method: 'POST', body: Buffer.alloc(11 * 1024 * 1024) });
      expect(refused.status).toBe(413);
    }, 60_000);

    it('loses nobody and nothing when a process is killed: clients come back through the other one', async () => {
      const ann = await Person.register(url);
      const room = await ann.createRoom();
      const follower = await Follower.join(await open(ann), room.id);
      const { seq } = await accepted(follower.socket, 'chat_message', { roomId: room.id, message: 'before' });
      const { epoch, ...state } = { epoch: follower.state.epoch, state: await follower.reach(seq) };

      await apis[0]!.kill();
      for (let turn = 0; turn < 20; turn++) {
        expect(await request(url, 'GET', '/api/rooms')).toHaveProperty('rooms');
      }
      const again = await Follower.join(await open(ann), room.id, { lastSeq: seq, epoch, ...state });
      expect(again.joins[0]).toMatchObject({ recovered: true });
      const after = await accepted(again.socket, 'chat_message', { roomId: room.id, message: 'after' });
      expect((await again.reach(after.seq)).messages.map(({ message }) => message)).toEqual(['before', 'after']);

      apis[0] = await ServerProcess.start({ ...env, ROLE: 'api', PORT: new URL(apis[0]!.url).port });
      await eventually(async () => {
        const socket = await open(ann);
        expect(socket.connected).toBe(true);
        return (await openConnections(apis[0]!)) > 0;
      }, 30_000);
    }, 90_000);

    it('goes on working off jobs when a worker is killed', async () => {
      await workers[0]!.kill();
      const ann = await Person.register(url);
      const room = await ann.createRoomWithRepository();
      expect(room.repository).not.toBeNull();
    }, 60_000);
  });
});
