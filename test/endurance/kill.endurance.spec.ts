import { spawn, type ChildProcess } from 'node:child_process';
import { randomInt, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChatMessage, Member, PullRequest, Room, RoomState, SignedIn, UserReputation } from '@clawtank/contracts';
import { io } from 'socket.io-client';
import { Follower } from '../support/follower.js';
import { freePort } from '../support/free-port.js';
import { command, connect, eventually, Person, request, type RoomSocket, uniqueName } from '../support/people.js';
import { ServerProcess } from '../support/server-process.js';

const KILLS = 20;
const PASSWORD = 'correct horse battery';

/** Somebody who talks on through everything: repeats each message with its id until it is acknowledged. */
class Talker {
  readonly acknowledged: ChatMessage[] = [];
  private isTalking = true;
  private readonly socket: RoomSocket;
  private readonly talking: Promise<void>;

  constructor(
    url: string,
    private readonly roomId: string,
    token: () => Promise<string>,
  ) {
    this.socket = io(url, {
      transports: ['websocket'],
      reconnectionDelay: 50,
      reconnectionDelayMax: 300,
      auth: (give) =>
        void token().then(
          (value) => give({ token: value }),
          () => give({}),
        ),
    });
    this.socket.on('connect_error', () => setTimeout(() => this.socket.connect(), 300)); // also after a refused handshake
    this.talking = this.talk();
  }

  async stop(): Promise<void> {
    this.isTalking = false;
    await this.talking;
    this.socket.close();
  }

  private async talk(): Promise<void> {
    for (let index = 0; this.isTalking; index++) {
      const message = { roomId: this.roomId, message: `message ${index}`, clientMessageId: randomUUID() };
      for (let acknowledged: ChatMessage | undefined; !acknowledged;) {
        const reply = await command(this.socket, 'chat_message', message).catch(() => undefined);
        if (reply?.ok) {
          acknowledged = reply.data;
          this.acknowledged.push(acknowledged);
        }
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}

describe('a server that is killed twenty times at random moments', () => {
  let dataDir: string;
  let env: Record<string, string>;
  let server: ServerProcess;
  const agents: ChildProcess[] = [];

  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'clawtank-kill-'));
    chmodSync(dataDir, 0o755);
    env = { DATA_DIR: dataDir, PORT: String(await freePort()), TASK_LEASE_SECONDS: '5', SIGN_IN_ATTEMPTS: '1000000' };
    server = await ServerProcess.start(env);
  });

  afterAll(async () => {
    agents.forEach((agent) => agent.kill('SIGKILL'));
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('keeps every acknowledged message once, in one gapless order, and awards no XP twice', async () => {
    const { url } = server;
    const [ann, bob] = [await Person.register(url), await Person.register(url)];
    const room = await ann.createRoomWithRepository();
    await ann.invite(room.id, bob);
    const { token } = await ann.bringAgent(room.id, 'crabby');
    agents.push(
      spawn(process.execPath, ['dist/api/apps/reference-agent/src/main.js'], {
        stdio: 'ignore',
        env: {
          PATH: process.env['PATH'],
          HOME: dataDir,
          CLAWTANK_URL: url,
          CLAWTANK_TOKEN: token,
          CLAWTANK_WORK_FOLDER: join(dataDir, 'agent'),
        },
      }),
    );
    const fresh = async (person: Person) =>
      (await request<SignedIn>(url, 'POST', '/api/auth/login', { body: { username: person.name, password: PASSWORD } }))
        .accessToken;
    const talkers = [new Talker(url, room.id, () => fresh(ann)), new Talker(url, room.id, () => fresh(bob))];
    const working = keepWorking(url, room, fresh, ann, bob);

    for (let kill = 0; kill < KILLS; kill++) {
      await new Promise((resolve) => setTimeout(resolve, randomInt(50, 2500)));
      await server.kill();
      server = await ServerProcess.start(env);
    }
    // What the kills interrupted comes to its end once they stop.
    await eventually(() => working.merged.length > 0, 120_000);
    const merged = await working.stop();
    await Promise.all(talkers.map((talker) => talker.stop()));

    const bobAgain = await Person.signIn(url, bob.name, PASSWORD);
    const follower = await Follower.join(await bobAgain.connect(), room.id);
    const acknowledged = talkers.flatMap((talker) => talker.acknowledged);
    const stored = await everyMessage(bobAgain, room.id);
    const storedOnce = new Map(stored.map((message) => [message.id, message]));
    expect(storedOnce.size).toBe(stored.length);
    expect(new Set(stored.map(({ clientMessageId }) => clientMessageId)).size).toBe(stored.length);
    expect(acknowledged.filter(({ id, seq }) => storedOnce.get(id)?.seq !== seq)).toEqual([]);
    expect(acknowledged.length).toBeGreaterThan(KILLS);

    // Every merge that was answered is there once, and the ledger holds ten points for each merge, once.
    // The room hears of a merge by webhook, a moment after whoever merged.
    const done = await eventually(async () => {
      const pulls = await bobAgain.request<PullRequest[]>('GET', `/api/rooms/${room.id}/pulls`);
      const inRoom = pulls.filter(({ state }) => state === 'merged');
      return merged.every((number) => inRoom.some((pull) => pull.number === number)) && inRoom;
    }, 60_000);
    const reputation = await eventually(async () => {
      const current = await bobAgain.request<UserReputation>('GET', `/api/users/${ann.id}/reputation`);
      return current.totalXP >= done.length * 10 ? current : undefined;
    }, 60_000);
    expect(reputation.totalXP).toBe(done.length * 10);
    expect(done.length).toBeGreaterThan(0);

    const state = await bobAgain.request<RoomState>('GET', `/api/rooms/${room.id}/state`);
    expect(state.members.map(({ name }: Member) => name).sort()).toEqual([ann.name, bob.name, 'crabby'].sort());
    expect(follower.gaps).toBe(0);
    follower.socket.close();
    process.stdout.write(
      `  ${KILLS} kills: ${acknowledged.length} acknowledged messages, ${stored.length} stored, ${done.length} pull requests merged, ${reputation.totalXP} XP\n`,
    );
  });
});

async function everyMessage(person: Person, roomId: string): Promise<ChatMessage[]> {
  const all: ChatMessage[] = [];
  for (let before: number | undefined; ;) {
    const query = before === undefined ? '' : `&before=${before}`;
    const page = await person.request<{ messages: ChatMessage[]; hasMore: boolean }>(
      'GET',
      `/api/rooms/${roomId}/messages?limit=200${query}`,
    );
    all.unshift(...page.messages.filter(({ message }) => message.startsWith('message ')));
    if (!page.hasMore) {
      return all;
    }
    before = page.messages[0]?.seq;
  }
}

/** Asks the agent for one file after the other and merges what it proposes, whatever happens to the server. */
function keepWorking(url: string, room: Room, fresh: (person: Person) => Promise<string>, ann: Person, bob: Person) {
  let isWorking = true;
  const merged: number[] = [];
  const persist = async <Answer>(attempt: () => Promise<Answer>): Promise<Answer | undefined> => {
    while (isWorking) {
      try {
        return await attempt();
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    }
    return undefined;
  };
  const running = (async () => {
    while (isWorking) {
      const file = uniqueName('file');
      const clientMessageId = randomUUID();
      await persist(async () => {
        const socket = await connect(url, '/', await fresh(ann));
        try {
          const reply = await command(socket, 'chat_message', {
            roomId: room.id,
            message: `@crabby create ${file}.md with Hello`,
            clientMessageId,
          });
          if (!reply.ok) {
            throw new Error(reply.error.message);
          }
        } finally {
          socket.close();
        }
      });
      await persist(async () => {
        const token = await fresh(bob);
        const pulls = await request<PullRequest[]>(url, 'GET', `/api/rooms/${room.id}/pulls`, { token });
        const pull = pulls.find(({ files }) => files.some(({ path }) => path === `${file}.md`));
        if (!pull) {
          throw new Error('Not proposed yet');
        }
        await request(url, 'POST', `/api/rooms/${room.id}/pulls/${pull.number}/merge`, {
          token,
          body: { headSha: pull.headSha },
        });
        merged.push(pull.number);
      });
    }
  })();
  return {
    merged,
    stop: async () => {
      isWorking = false;
      await running;
      return merged;
    },
  };
}
