import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Git } from '@clawtank/agent-sdk';
import type { ActivityItem, AgentKey, Room } from '@clawtank/contracts';
import { parseCommit, parsePublicKey, type PublicKey, verifyCommit } from '@clawtank/ssh-signature';
import pg from 'pg';
import { Random } from '../../stress/random.js';
import { isRunning } from '../bridge/scene.js';
import { aKey, McpAgent } from '../mcp/mcp.support.js';
import { eventually, Person, type RoomSocket } from '../support/people.js';
import { describeWithProgram } from '../support/programs.js';
import { tablesWith } from '../support/traces.js';
import { Installation } from './installation.js';
import { RoomPeople } from './room-people.js';
import { storyOf, type Tenure, tenuresIn } from './story.js';
import { Worker } from './worker.js';

const execute = promisify(execFile);
const CLONE = 'clone.git';
const PATIENCE_MS = 120_000;
const RUN_MS = 540_000;
const LEASE_SECONDS = 15;
const SEED = process.env['CLAWTANK_RUN_SEED'] ?? 'a reef at dawn';
const SECRETS = {
  JWT_SECRET: 'a-signing-key-of-no-value-but-here-0123456789',
  ENCRYPTION_KEY: '0123456789abcdef'.repeat(4),
};
/** What an owner has in the environment, and the chatty agent says aloud. */
const CANARIES = {
  AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG+canary+of+the+run',
  GITHUB_TOKEN: 'ghp_canaryOfTheRun0123456789abcdefghij',
};
const EXPECTED = {
  'docs/one.md': 'one\nas the reviewer wished\nand what came after it\n',
  'docs/two.md': 'two\n',
  'docs/three.md': 'three\n',
  'docs/five.md': 'five\n',
  'notes.md': expect.stringMatching(/^(first\nsecond|second\nfirst)\n$/) as string,
};

describeWithProgram('redis-server', 'agents of three kinds in one room', () => {
  const random = new Random(SEED);
  const folder = mkdtempSync(join(tmpdir(), 'clawtank-run-'));
  let installation: Installation;
  let host: Person;
  let owner: Person;
  let room: Room;
  let sockets: [RoomSocket, RoomSocket];
  let people: RoomPeople;
  let careful: Worker;
  let chatty: Worker;
  let sdk: Worker;
  let story: ActivityItem[];
  let tenures: Tenure[];
  /** What the run is at, for whoever reads why it failed. */
  let doing = 'beginning';
  /** What was refused to the agent that had slept through its lease. */
  const refusals: Record<string, string> = {};

  beforeAll(async () => {
    installation = await Installation.start({
      TASK_LEASE_SECONDS: String(LEASE_SECONDS),
      LOG_LEVEL: 'debug',
      ...SECRETS,
    });
    [host, owner] = [
      await Person.register(installation.url('right')),
      await Person.register(installation.url('right')),
    ];
    room = await host.createRoomWithRepository();
    await host.invite(room.id, owner);
    sockets = [await owner.connect(), await host.connect()];
    const [one, two, three] = [
      await owner.bringAgent(room.id, 'careful'),
      await owner.bringAgent(room.id, 'chatty'),
      await owner.bringAgent(room.id, 'plain'),
    ];
    const at = (name: string) => {
      mkdirSync(join(folder, name));
      return join(folder, name);
    };
    const roomUrl = (process: 'left' | 'right') => `${installation.url(process)}/rooms/${room.id}`;
    const bridge = { env: CANARIES };
    careful = Worker.bridge(one, { ...bridge, folder: at('careful'), roomUrl: roomUrl('left'), manner: 'careful' });
    chatty = Worker.bridge(two, { ...bridge, folder: at('chatty'), roomUrl: roomUrl('right'), manner: 'chatty' });
    sdk = Worker.sdk(three, { folder: at('sdk'), url: installation.url('left') });
    const [ownersSocket, hostsSocket] = sockets;
    const both = [
      { person: owner, socket: ownersSocket },
      { person: host, socket: hostsSocket },
    ] as const;
    people = new RoomPeople(...both, room.id, {
      changes: new Map([[1, 'Append `as the reviewer wished` to docs/one.md']]),
      standIn: sdk.id,
      // What was merged first is there by now.
      instead: ({ description }) => ({
        description: description.replace(/Create notes.md with (`\w+`)/, 'Append $1 to notes.md'),
        agentId: sdk.id,
      }),
    });
    const tooLong = delay(RUN_MS, undefined, { ref: false }).then(() => {
      throw new Error('The run takes too long');
    });
    await Promise.race([run(), tooLong]).catch(async ({ message }: Error) => {
      throw new Error(`${message} (${doing}; the seed is “${SEED}”). The run:\n${await account()}`);
    });
  }, RUN_MS + PATIENCE_MS);

  afterAll(async () => {
    await people?.leave();
    for (const worker of [careful, chatty, sdk].filter(Boolean)) {
      worker.signal('SIGCONT');
      await worker.kill();
    }
    sockets?.forEach((socket) => socket.close());
    await installation?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, PATIENCE_MS);

  async function account(): Promise<string> {
    const { tasks } = await people.state();
    const states = tasks.map(({ number, state, assignedTo }) => `task ${number}: ${state}, ${assignedTo?.name}`);
    const said = [careful, chatty, sdk].map(({ agent, output }) => `--- ${agent.agent.name}\n${output}`);
    const errors = installation.output.split('\n').filter((line) => /"level":(?:50|60|"error")/.test(line));
    return [...states, ...people.troubles.slice(-5), ...said, '--- servers', ...errors.slice(-10)].join('\n');
  }

  async function run(): Promise<void> {
    const one = await people.give({ description: 'Create docs/one.md with `one`', agentId: careful.id });
    await people.give({ description: 'Create docs/two.md with `two`', agentId: chatty.id });
    await people.give({ description: 'Create docs/three.md with `three`', agentId: sdk.id });
    await people.give({
      description: 'Append `and what came after it` to docs/one.md',
      agentId: chatty.id,
      dependsOn: [one.id],
    });
    await people.give({ description: 'Create notes.md with `first`', agentId: careful.id });
    await people.give({ description: 'Create notes.md with `second`', agentId: sdk.id });
    await people.give({ description: 'Create docs/five.md with `five`', agentId: careful.id });
    people.begin();
    [careful, chatty, sdk].forEach((worker) => worker.start());

    const late = random.chance(0.5) ? [killAServer, restartRedis] : [restartRedis, killAServer];
    const began = performance.now();
    const at = (what: string) => (doing = `${what}, after ${Math.round((performance.now() - began) / 1000)} s`);
    for (const harm of [killAnAgentAtWork, killABridgeThatWaitsForLeave, freezeABridgeBeyondItsLease, ...late]) {
      at(harm.name);
      await harm();
    }
    at('waiting for all tasks to be done');
    await eventually(() => people.areDone(), PATIENCE_MS);
    await people.leave();
    at('stopping');
    expect(await Promise.all([careful.stop(), chatty.stop(), sdk.stop()])).toEqual([0, 0, 0]);
    await eventually(async () => (await query(`SELECT FROM outbox LIMIT 1`)).length === 0, PATIENCE_MS);
    await cloneRepository();
    story = await storyOf(owner, room.id);
    tenures = tenuresIn(story);
  }

  async function killAnAgentAtWork(): Promise<void> {
    const { pid } = await chatty.prompted(1);
    await delay(random.between(0, 1500));
    process.kill(pid, 'SIGKILL');
    await chatty.prompted(2);
  }

  async function killABridgeThatWaitsForLeave(): Promise<void> {
    await eventually(
      async () => (await people.state()).approvals.some(({ state }) => state === 'pending'),
      PATIENCE_MS,
    );
    await delay(random.between(0, 500));
    await careful.kill();
    careful.start();
    people.giveLeave = true;
  }

  async function freezeABridgeBeyondItsLease(): Promise<void> {
    await delay(random.between(0, 500));
    chatty.signal('SIGSTOP');
    const [lease] = chatty.inHand();
    if (!lease) {
      throw new Error('The bridge had nothing in hand when it was frozen');
    }
    const task = async () => (await people.state()).tasks.find(({ id }) => id === lease.taskId);
    await eventually(async () => (await task())?.lease === null, PATIENCE_MS);
    await people.assign({ id: lease.taskId });
    await eventually(async () => (await task())?.submittedSha, PATIENCE_MS);
    await tryEverythingUnder(lease);
    chatty.signal('SIGCONT');
    await chatty.says(/stopped, it is no longer mine/);
  }

  /** As somebody would who does not know, or does not mind, that the lease is over. */
  async function tryEverythingUnder({
    taskId,
    leaseId,
    folder: worktree,
  }: ReturnType<Worker['inHand']>[0]): Promise<void> {
    const { token } = chatty.agent;
    const agent = await McpAgent.connect({ url: installation.url('right') }, token);
    const held = () => ({ roomId: room.id, taskId, leaseId, idempotencyKey: aKey() });
    const commit = await new Git(worktree).run(['rev-parse', 'HEAD']);
    const step = { approvalId: 'step', kind: 'execute', title: 'Go on' };
    for (const [name, more] of [
      ['report_progress', { note: 'Nearly there' }],
      ['request_approval', step],
      ['submit_work', { gitBranch: 'clawtank/frozen', commit }],
      ['release_task', {}],
      ['fail_task', { reason: 'It is too late' }],
    ] as const) {
      refusals[name] = (await agent.refused(name, { ...held(), ...more })).error;
    }
    await agent.close();
    const url = new URL(`/git/${room.id}.git`, installation.url('right')).href;
    const plain = new Git(worktree, { server: new URL(installation.url('right')), token });
    for (const [name, git] of [
      ['git push', plain.under({ taskId, leaseId })],
      ['git push without a word of its lease', plain],
    ] as const) {
      refusals[name] = await git.run(['push', url, 'HEAD:refs/heads/clawtank/frozen']).then(
        () => 'taken in',
        (error: Error) => /returned error: (\d+)/.exec(error.message)?.[1] ?? error.message,
      );
    }
  }

  const killAServer = () => installation.kill('left', () => delay(random.between(500, 2500)));
  const restartRedis = () => installation.redis.restart(() => delay(random.between(200, 1500)));

  const numberOf = (taskId: string): number => {
    const created = story.find((entry) => entry.type === 'task.created' && entry.data.task.id === taskId);
    return created?.type === 'task.created' ? created.data.task.number : 0;
  };

  async function query<Row extends pg.QueryResultRow>(sql: string): Promise<Row[]> {
    const client = new pg.Client(installation.database.url);
    await client.connect();
    return client
      .query<Row>(sql)
      .then(({ rows }) => rows, Promise.reject.bind(Promise))
      .finally(() => client.end());
  }

  /** What the room's repository is at the end. */
  async function cloneRepository(): Promise<void> {
    const git = new Git(folder, { server: new URL(installation.url('right')), token: sdk.agent.token });
    const url = new URL(`/git/${room.id}.git`, installation.url('right')).href;
    await git.run(['clone', '--quiet', '--bare', url, CLONE]);
  }

  async function git(...args: string[]): Promise<Buffer> {
    const { stdout } = await execute('git', ['-C', join(folder, CLONE), ...args], { encoding: 'buffer' });
    return stdout;
  }

  it('do all that was asked for, and the default branch holds that and nothing else', async () => {
    const files = (await git('ls-tree', '-r', '--name-only', 'main')).toString().trim().split('\n');
    const texts = await Promise.all(files.map(async (file) => [file, (await git('show', `main:${file}`)).toString()]));
    expect(Object.fromEntries(texts)).toEqual({ 'README.md': expect.any(String) as string, ...EXPECTED });
  });

  it('were refused everything under a lease that had run out, the push included', async () => {
    const lost = { report_progress: 'lease_lost', request_approval: 'lease_lost', submit_work: 'lease_lost' };
    const pushes = { 'git push': '409', 'git push without a word of its lease': '409' };
    expect(refusals).toEqual({ ...lost, release_task: 'lease_lost', fail_task: 'lease_lost', ...pushes });
    expect((await git('branch', '--list', 'clawtank/frozen')).toString()).toBe('');
  });

  it('signed every commit that was merged, each as whoever held the task when it was handed in', async () => {
    const keys = new Map<string, PublicKey[]>();
    for (const { id } of [careful, chatty, sdk]) {
      const registered = await owner.request<AgentKey[]>('GET', `/api/agents/${id}/keys`);
      keys.set(
        id,
        registered.flatMap(({ publicKey }) => parsePublicKey(publicKey) ?? []),
      );
    }
    const merges = new Set((await people.state()).pullRequests.map(({ mergeSha }) => mergeSha));
    const [root = '', ...commits] = (await git('rev-list', '--reverse', 'main')).toString().trim().split('\n');
    expect(commits).not.toContain(root);
    const work = commits.filter((sha) => !merges.has(sha));
    expect(work).toHaveLength(tenures.filter(({ commit }) => commit && commits.includes(commit)).length);
    for (const sha of work) {
      const tenure = tenures.find(({ commit }) => commit === sha);
      const parsed = parseCommit(await git('cat-file', 'commit', sha));
      expect(verifyCommit(parsed, keys.get(tenure?.holder ?? '') ?? [])).toMatchObject({ verdict: 'good' });
    }
  });

  it('held each task one at a time, as often as its fence counts', async () => {
    const fences = await query<{ id: string; fence: number }>(`SELECT id, fence FROM tasks`);
    const counted = fences.map(({ id }) => ({ id, fence: tenures.filter(({ taskId }) => taskId === id).length }));
    expect(counted).toEqual(fences);
    expect(tenures.every(({ to }) => to !== null)).toBe(true);
    const [row] = await query<{ entries: string; last: string }>(
      `SELECT count(*) AS entries, max(seq) AS last FROM room_events`,
    );
    expect(row?.entries).toBe(row?.last);
  });

  it('left a log that says what their own journals say', () => {
    for (const worker of [careful, chatty]) {
      const own = tenures.filter(({ holder }) => holder === worker.id);
      const handedIn = own.filter(({ end }) => end === 'task.submitted').map(({ taskId }) => numberOf(taskId));
      const said = [...worker.output.matchAll(/Task (\d+) is handed in/g)].map(([, number]) => Number(number));
      expect(said.sort()).toEqual(handedIn.sort());
      const held = own.map(({ taskId }) => numberOf(taskId));
      const prompted = worker.noted('prompt').map(({ task }) => task ?? 0);
      expect(prompted.filter((number) => !held.includes(number))).toEqual([]);
      expect(handedIn.filter((number) => !worker.noted('end').some(({ task }) => task === number))).toEqual([]);
      const lost = own.filter(({ end }) => end === 'task.released').map(({ taskId }) => numberOf(taskId));
      const saidSo = [...worker.output.matchAll(/Task (\d+): stopped, it is no longer mine/g)];
      expect(saidSo.filter(([, number]) => !lost.includes(Number(number)))).toEqual([]);
    }
    expect(chatty.output).toContain('Task 2: stopped, it is no longer mine');
  });

  it('earned their owner what each merge is worth, once', async () => {
    const merged = (await people.state()).pullRequests.filter(({ state }) => state === 'merged');
    const ledger = await query<{ user: string; amount: number; pull: string }>(
      `SELECT user_id AS user, amount, evidence ->> 'pullRequest' AS pull FROM xp_ledger`,
    );
    expect(ledger.map(({ pull }) => Number(pull)).sort()).toEqual(merged.map(({ number }) => number).sort());
    expect(new Set(ledger.map(({ user }) => user))).toEqual(new Set([owner.id]));
    const sum = ledger.reduce((total, { amount }) => total + amount, 0);
    expect(await query(`SELECT user_id AS user, total_xp AS xp FROM user_reputation WHERE total_xp > 0`)).toEqual([
      { user: owner.id, xp: sum },
    ]);
    const awarded = story.filter((entry) => entry.type === 'xp.awarded');
    expect(awarded.reduce((total, { data }) => total + data.amount, 0)).toBe(sum);
    expect(awarded).toHaveLength(merged.length);
  });

  it('left no process, no entry in a journal, and no worktree but the one that it says it kept', () => {
    const pids = [careful, chatty].flatMap((worker) => worker.noted('started').map(({ pid }) => pid));
    expect(pids.filter(isRunning)).toEqual([]);
    expect(processesOf(folder)).toEqual([]);
    for (const worker of [careful, chatty]) {
      expect(worker.inHand()).toEqual([]);
      const kept = [...worker.output.matchAll(/is kept in (\S+)/g)].map(([, place]) => place);
      expect(worker.worktrees(room.id).filter((place) => !kept.includes(place))).toEqual([]);
    }
  });

  it('told no secret to anybody: not of the server, not of an agent, not of an owner', async () => {
    const keys = [careful, chatty, sdk].flatMap(privateKeysOf);
    expect(keys.length).toBeGreaterThanOrEqual(3);
    const tokens = [careful, chatty, sdk].map(({ agent }) => agent.token);
    const secrets = [
      ...tokens,
      ...keys,
      owner.token,
      host.token,
      ...Object.values(SECRETS),
      ...Object.values(CANARIES),
    ];
    const outputs = [installation.output, careful.output, chatty.output, sdk.output, JSON.stringify(story)];
    expect(outputs.flatMap((output, index) => secrets.filter((one) => output.includes(one)).map(() => index))).toEqual(
      [],
    );
    for (const secret of secrets) {
      expect(await tablesWith(installation.database.url, secret)).toEqual([]);
    }
    expect(JSON.stringify(story)).toContain('[secret]'); // the chatty agent did say them
    const seen = [careful, chatty].flatMap((worker) =>
      worker.noted('started').flatMap(({ variables = [] }) => variables),
    );
    expect(seen.filter((name) => name.startsWith('CLAWTANK_'))).toEqual([]);
  });
});

/** A line of each private key that an agent's program keeps, of those that hold the secret half. */
function privateKeysOf({ folder }: Worker): string[] {
  const keys = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.key'));
  return keys.flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n')[3] ?? []);
}

/** The command lines of processes that have to do with a folder. */
function processesOf(folder: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return line.includes(folder) ? [line] : [];
      } catch {
        return []; // it has ended meanwhile
      }
    });
}
