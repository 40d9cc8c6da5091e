import { randomUUID } from 'node:crypto';
import { type CommandName, COMMANDS } from '@clawtank/contracts';
import { DataSource } from 'typeorm';
import { RoomSnapshot } from '../../apps/api/src/rooms/index.js';
import { startTestServer, type TestServer } from '../support/app.js';
import { isIdle } from '../support/background.js';
import { accepted, command, connect, Person, type RoomSocket } from '../support/people.js';
import { anAgentKey, registrationOf, signerOf } from '../support/agent-key.js';
import { aSpectatorMessage } from '../support/spectator-message.js';
import { pushBranch } from '../support/push-branch.js';

interface Scene {
  readonly server: TestServer;
  readonly roomId: string;
  readonly agentId: string;
  readonly agentToken: string;
  readonly person: RoomSocket;
  readonly agent: RoomSocket;
}

/** A request that will be accepted, and whatever has to be there for it. */
type Prepare = (scene: Scene) => Promise<{ by: 'person' | 'agent'; request: unknown }>;

const newTask = ({ person, roomId, agentId }: Scene) =>
  accepted(person, 'create_task', { roomId, description: 'do it', agentId });

const heldTask = async (scene: Scene) => {
  const { id: taskId } = await newTask(scene);
  const { lease } = await accepted(scene.agent, 'claim_task', { roomId: scene.roomId, taskId });
  return { roomId: scene.roomId, taskId, leaseId: lease.leaseId };
};

const A_STEP = { approvalId: 'step-1', kind: 'execute', title: 'Publish it', detail: 'npm publish' } as const;

const pushSigned = async ({ server, roomId, agentToken, agent }: Scene, branch: string) =>
  pushBranch(server, roomId, agentToken, branch, `${branch.replace('/', '-')}.txt`, await signerOf(agent));

const submitted = async (scene: Scene) => {
  const held = await heldTask(scene);
  const gitBranch = `agent/${randomUUID()}`;
  const commit = await pushSigned(scene, gitBranch);
  await accepted(scene.agent, 'submit_work', { ...held, gitBranch, commit });
  return { ...held, sha: commit };
};

const newMessage = ({ person, roomId }: Scene) => accepted(person, 'chat_message', { roomId, message: 'hello' });

const newDirectMessage = ({ person, roomId, agentId }: Scene) =>
  accepted(person, 'direct_message', { roomId, toMemberId: agentId, message: 'hello' });

const openToSpectators = (server: TestServer, roomId: string) =>
  server.app.get(DataSource).query(`UPDATE rooms SET visibility = 'public' WHERE id = $1`, [roomId]);

/** An open issue, as a delivery would have left it. */
async function anIssue(server: TestServer, roomId: string): Promise<string> {
  const [issue] = await server.app.get(DataSource).query<[{ id: string }]>(
    `INSERT INTO issues (room_id, provider, repo_id, number, title, state, author, created_at, updated_at)
     VALUES ($1, 'github', '42', 1 + floor(random() * 1e8), 'It does not start', 'open', $2, now(), now()) RETURNING id`,
    [roomId, { type: 'webhook', id: null, name: 'octocat' }],
  );
  return issue.id;
}

/** Every command there is: one without a row does not compile. */
const COMMAND_SCENES: { readonly [Name in CommandName]: Prepare } = {
  join_room: async ({ roomId }) => ({ by: 'person', request: { roomId } }),
  leave_room: async ({ roomId }) => ({ by: 'person', request: { roomId } }),
  chat_message: async ({ roomId }) => ({
    by: 'person',
    request: { roomId, message: 'hello', clientMessageId: randomUUID() },
  }),
  edit_message: async (scene) => ({
    by: 'person',
    request: {
      roomId: scene.roomId,
      messageId: (await newMessage(scene)).id,
      message: 'changed',
      commandId: randomUUID(),
    },
  }),
  delete_message: async (scene) => ({
    by: 'person',
    request: { roomId: scene.roomId, messageId: (await newMessage(scene)).id, commandId: randomUUID() },
  }),
  react: async (scene) => ({
    by: 'person',
    request: {
      roomId: scene.roomId,
      messageId: (await newMessage(scene)).id,
      emoji: '👍',
      on: true,
      commandId: randomUUID(),
    },
  }),
  pin_message: async (scene) => ({
    by: 'person',
    request: { roomId: scene.roomId, messageId: (await newMessage(scene)).id, pinned: true, commandId: randomUUID() },
  }),
  spectator_chat_message: async ({ roomId, server }) => {
    await openToSpectators(server, roomId);
    return { by: 'person', request: { roomId, message: 'welcome', clientMessageId: randomUUID() } };
  },
  promote_spectator_message: async ({ roomId, server }) => ({
    by: 'person',
    request: { roomId, spectatorMessageId: await aSpectatorMessage(server, roomId), commandId: randomUUID() },
  }),
  delete_spectator_message: async ({ roomId, server }) => ({
    by: 'person',
    request: { roomId, spectatorMessageId: await aSpectatorMessage(server, roomId), commandId: randomUUID() },
  }),
  mute_spectator: async ({ roomId, server }) => ({
    by: 'person',
    request: {
      roomId,
      spectatorMessageId: await aSpectatorMessage(server, roomId),
      minutes: 5,
      commandId: randomUUID(),
    },
  }),
  direct_message: async ({ roomId, agentId }) => ({
    by: 'person',
    request: { roomId, toMemberId: agentId, message: 'hello', clientMessageId: randomUUID() },
  }),
  edit_direct_message: async (scene) => ({
    by: 'person',
    request: {
      roomId: scene.roomId,
      messageId: (await newDirectMessage(scene)).id,
      message: 'changed',
      commandId: randomUUID(),
    },
  }),
  delete_direct_message: async (scene) => ({
    by: 'person',
    request: { roomId: scene.roomId, messageId: (await newDirectMessage(scene)).id, commandId: randomUUID() },
  }),
  typing: async ({ roomId }) => ({ by: 'person', request: { roomId } }),
  mark_read: async ({ roomId }) => ({ by: 'person', request: { roomId, seq: 1 } }),
  mark_direct_read: async (scene) => ({
    by: 'person',
    request: { roomId: scene.roomId, memberId: scene.agentId, seq: (await newDirectMessage(scene)).seq },
  }),
  set_presence: async () => ({ by: 'person', request: { status: 'idle' } }),
  create_task: async ({ roomId }) => ({
    by: 'person',
    request: { roomId, description: 'do it', commandId: randomUUID() },
  }),
  take_issue: async ({ server, roomId }) => ({
    by: 'person',
    request: { roomId, issueId: await anIssue(server, roomId), commandId: randomUUID() },
  }),
  cancel_task: async (scene) => ({
    by: 'person',
    request: { roomId: scene.roomId, taskId: (await newTask(scene)).id, commandId: randomUUID() },
  }),
  update_task: async (scene) => ({
    by: 'person',
    request: { roomId: scene.roomId, taskId: (await newTask(scene)).id, priority: 'high', commandId: randomUUID() },
  }),
  review_task: async (scene) => {
    const { roomId, taskId, sha } = await submitted(scene);
    return { by: 'person', request: { roomId, taskId, sha, verdict: 'approved', commandId: randomUUID() } };
  },
  open_pull_request: async (scene) => {
    const head = `agent/${randomUUID()}`;
    await heldTask(scene);
    await pushBranch(scene.server, scene.roomId, scene.agentToken, head);
    return { by: 'agent', request: { roomId: scene.roomId, title: 'A change', head, commandId: randomUUID() } };
  },
  request_approval: async (scene) => ({
    by: 'agent',
    request: { ...(await heldTask(scene)), ...A_STEP, commandId: randomUUID() },
  }),
  withdraw_approval: async (scene) => {
    const { roomId, taskId, leaseId } = await heldTask(scene);
    const { approvalId } = await accepted(scene.agent, 'request_approval', { roomId, taskId, leaseId, ...A_STEP });
    return { by: 'agent', request: { roomId, taskId, leaseId, approvalId, commandId: randomUUID() } };
  },
  decide_approval: async (scene) => {
    const { roomId, id } = await accepted(scene.agent, 'request_approval', { ...(await heldTask(scene)), ...A_STEP });
    return { by: 'person', request: { roomId, id, decision: 'approved', commandId: randomUUID() } };
  },
  get_room_context: async ({ roomId }) => ({ by: 'agent', request: { roomId } }),
  read_inbox: async () => ({ by: 'agent', request: {} }),
  ack_inbox: async () => ({ by: 'agent', request: { upTo: 1 } }),
  agent_register: async () => ({ by: 'agent', request: { capabilities: ['edit'] } }),
  register_key: async ({ agentId }) => ({
    by: 'agent',
    request: { ...registrationOf(anAgentKey(), agentId), commandId: randomUUID() },
  }),
  agent_status: async () => ({ by: 'agent', request: { status: 'working', currentTask: randomUUID() } }),
  agent_action: async (scene) => ({
    by: 'agent',
    request: { roomId: scene.roomId, action: 'task_pickup', payload: { taskId: (await newTask(scene)).id } },
  }),
  claim_task: async (scene) => ({ by: 'agent', request: { roomId: scene.roomId, taskId: (await newTask(scene)).id } }),
  claim_paths: async (scene) => ({
    by: 'agent',
    request: { ...(await heldTask(scene)), paths: ['src', 'docs/*.md'], commandId: randomUUID() },
  }),
  task_receipt: async (scene) => ({
    by: 'agent',
    request: { roomId: scene.roomId, taskId: (await newTask(scene)).id, step: 'delivered' },
  }),
  lease_renew: async (scene) => ({ by: 'agent', request: await heldTask(scene) }),
  task_progress: async (scene) => ({
    by: 'agent',
    request: { ...(await heldTask(scene)), note: 'halfway', percent: 50, commandId: randomUUID() },
  }),
  submit_work: async (scene) => {
    const gitBranch = `agent/${randomUUID()}`;
    const held = await heldTask(scene);
    const commit = await pushSigned(scene, gitBranch);
    return { by: 'agent', request: { ...held, gitBranch, commit, commandId: randomUUID() } };
  },
  release_task: async (scene) => ({
    by: 'agent',
    request: { ...(await heldTask(scene)), reason: 'busy', commandId: randomUUID() },
  }),
  fail_task: async (scene) => ({
    by: 'agent',
    request: { ...(await heldTask(scene)), reason: 'cannot', commandId: randomUUID() },
  }),
};

/** What a lease says of its end moves with each renewal, and joining answers with the head of that moment. */
const VARYING = new Set(['expiresAt', 'seq']);
const stable = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (key, inner: unknown) => (VARYING.has(key) ? undefined : inner)));

describe('a repeat of every command', () => {
  let server: TestServer;
  let ann: Person;

  beforeAll(async () => {
    server = await startTestServer();
    ann = await Person.register(server.url);
  });
  afterAll(() => server.close());

  it.each(Object.keys(COMMANDS) as CommandName[])('%s changes nothing and is answered alike', async (name) => {
    const room = await ann.createRoomWithRepository();
    const { agent, token } = await ann.bringAgent(room.id);
    const scene: Scene = {
      server,
      roomId: room.id,
      agentId: agent.id,
      agentToken: token,
      person: await ann.connect(),
      agent: await connect(server.url, '/agents', token),
    };
    const { by, request } = await COMMAND_SCENES[name](scene);
    const send = () => command(scene[by], name, request as never);
    await settled(room.id);

    const first = await send();
    expect(first).toMatchObject({ ok: true });
    const head = await settled(room.id);
    const [second, ...others] = await Promise.all([send(), send(), send()]);

    expect(stable(second)).toEqual(stable(first));
    others.forEach((other) => expect(stable(other)).toEqual(stable(first)));
    expect(await settled(room.id)).toBe(head);
    scene.person.close();
    scene.agent.close();
  });

  /** The head of the room's log once nothing more follows from what was asked. */
  async function settled(roomId: string): Promise<number> {
    const head = () =>
      server.app
        .get(RoomSnapshot, { strict: false })
        .read(roomId)
        .then(({ seq }) => seq);
    for (let last = -1, calm = 0; ;) {
      const now = await head();
      calm = now === last && (await isIdle(server)) ? calm + 1 : 0;
      if (calm >= 8) {
        return now;
      }
      last = now;
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
  }
});
