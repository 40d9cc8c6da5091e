import type { NewAgent, Room } from '@clawtank/contracts';
import { anAgentKey, registrationOf, type Signer } from '../../test/support/agent-key.js';
import { pushBranch } from '../../test/support/push-branch.js';
import { SlowPush } from '../../test/support/slow-push.js';
import { WireSocket } from '../client/wire-socket.js';
import { atMost, equal, isTrue, within } from '../expect.js';
import { eachOf, type Installation, type Person } from '../installation.js';
import type { Scenario, Stage } from '../scenario.js';
import type { Server } from '../server.js';

const OUT_MS = 1000;
/** How long a door is watched that should have been shut by then, so that the report can say when it was. */
const WATCHED_MS = 5 * OUT_MS;
const REPOSITORY_MS = 15_000;

/** An agent at work in a room of somebody else than its owner: connected to both processes, with a task, and a push under way at each. */
interface AtWork {
  readonly installation: Installation;
  readonly host: Person;
  readonly owner: Person;
  readonly room: Room;
  readonly agent: NewAgent;
  readonly held: { readonly roomId: string; readonly taskId: string; readonly leaseId: string };
  readonly signer: Signer;
  readonly keyId: string;
}

/** Something that ends what an agent may do, and what it is answered from then on. */
interface Ending {
  readonly name: string;
  readonly promise: string;
  end(scene: AtWork): Promise<unknown>;
  /** How its connections hear of it: they are closed, or told by a push of this name. */
  readonly heard: 'closed' | 'room_closed' | 'abilities_changed' | 'lease_lost';
  /** The code that REST, MCP and commands are refused with; null where the agent may come back and speak, and only its work is over. */
  readonly refusal: string | null;
  /** What else has to hold when it is out. */
  after?(stage: Stage, scene: AtWork): Promise<void>;
}

/** A way in at one process, and whether it is shut. */
type Door = readonly [name: string, isShut: () => boolean | Promise<boolean>];

async function setUp(stage: Stage): Promise<AtWork> {
  const { installation } = stage;
  const [host, owner] = (await installation.newPeople(2)) as [Person, Person];
  const room = await installation.newRoom([host, owner]);
  await within(REPOSITORY_MS, 'the room gets its repository', async () => {
    const { repository } = await installation.rest<Room>(host, 'GET', `/api/rooms/${room.id}`);
    return repository !== null;
  });
  const agent = await installation.newAgent(owner, room.id, `agent-of-${owner.username}`);
  const socket = await agentSocket(stage, agent, installation.left);
  const { agentId, commitEmail } = await socket.accepted('agent_register', { instance: 'at-work' });
  const key = anAgentKey();
  const { id: keyId } = await socket.accepted('register_key', registrationOf(key, agentId));
  const person = await installation.socket(stage, host, installation.left);
  const { id: taskId } = await person.accepted('create_task', { roomId: room.id, description: 'Some work' });
  const { lease } = await socket.accepted('claim_task', { roomId: room.id, taskId });
  const held = { roomId: room.id, taskId, leaseId: lease.leaseId };
  return { installation, host, owner, room, agent, held, signer: { key, email: commitEmail }, keyId };
}

async function agentSocket(stage: Stage, { token }: NewAgent, { url }: Server): Promise<WireSocket> {
  const socket = await WireSocket.open({ url, namespace: '/agents', auth: { token } });
  stage.keep(() => socket.cut());
  return socket;
}

/** Pushes to both processes of which all but the last byte has arrived. */
async function pushesUnderWay({ installation, room, agent, held }: AtWork): Promise<SlowPush[]> {
  const pushes = await eachOf(installation.servers, ({ url }, index) =>
    SlowPush.begin({
      ...{ url, roomId: room.id, token: agent.token, branch: `late/${index}` },
      ...(index === 0 && { lease: held }), // one by its lease, one by what the server knows
    }),
  );
  await within(WATCHED_MS, 'the pushes have begun', async () => {
    const rows = await installation.query(`SELECT FROM hosted_changes WHERE room_id = $1`, [room.id]);
    return rows.length === pushes.length;
  });
  return pushes;
}

/** The code of a refusal over REST; `ok` if there was none. */
async function restCode({ room, agent }: AtWork, { url }: Server): Promise<string> {
  const response = await fetch(`${url}/api/rooms/${room.id}/pulls`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${agent.token}` },
    body: JSON.stringify({ roomId: room.id, title: 'A change', head: 'nowhere' }),
  });
  return ((await response.json()) as { code?: string }).code ?? 'ok';
}

/** The code of a refusal over MCP; `ok` if there was none. */
async function mcpCode({ agent, held }: AtWork, { url }: Server): Promise<string> {
  const call = { ...held, note: 'Still here', idempotencyKey: crypto.randomUUID() };
  const response = await fetch(`${url}/mcp`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2025-11-25',
      authorization: `Bearer ${agent.token}`,
    },
    body: JSON.stringify({
      ...{ jsonrpc: '2.0', id: 1, method: 'tools/call' },
      params: { name: 'report_progress', arguments: call },
    }),
  });
  const text = await response.text();
  return /"(?:error|code)":"(\w+)"/.exec(text)?.[1] ?? (response.ok ? 'ok' : String(response.status));
}

/** The code of a refused command; `closed` where there is no line to send one on. */
async function commandCode({ held }: AtWork, socket: WireSocket): Promise<string> {
  if (!socket.isOpen) {
    return 'closed';
  }
  const reply = await socket
    .ask('task_progress', { ...held, note: 'Still here', commandId: crypto.randomUUID() })
    .catch(() => null);
  return reply === null ? 'closed' : reply.ok ? 'ok' : reply.error.code;
}

/** Every way in, at both processes. */
function doorsOf(
  scene: AtWork,
  { heard, refusal }: Ending,
  sockets: readonly WireSocket[],
  told: readonly string[][],
): Door[] {
  return scene.installation.servers.flatMap((server, index) => {
    const socket = sockets[index]!;
    const doors: Door[] = [
      [
        `${heard} at ${server.name}`,
        () => (heard === 'closed' ? !socket.isOpen : (told[index]?.includes(heard) ?? false)),
      ],
      [
        `a command at ${server.name}`,
        async () => (heard === 'closed' ? ['closed'] : [refusal]).includes(await commandCode(scene, socket)),
      ],
      [
        `a new push at ${server.name}`,
        async () => {
          const push = await SlowPush.begin({
            ...{ url: server.url, roomId: scene.room.id, token: scene.agent.token, branch: `again/${index}` },
          });
          return (await push.finish()) !== 'taken';
        },
      ],
    ];
    return refusal === null || refusal === 'lease_lost'
      ? doors
      : [
          ...doors,
          [`REST at ${server.name}`, async () => (await restCode(scene, server)) === refusal],
          [`MCP at ${server.name}`, async () => (await mcpCode(scene, server)) === refusal],
        ];
  });
}

async function isOut(stage: Stage, ending: Ending): Promise<void> {
  const scene = await setUp(stage);
  const { installation, room, agent } = scene;
  const sockets = await eachOf(installation.servers, (server) => agentSocket(stage, agent, server));
  const told = sockets.map((socket) => {
    const names: string[] = [];
    socket.listen((name) => names.push(name));
    return names;
  });
  await eachOf(sockets, (socket) => socket.accepted('join_room', { roomId: room.id }));
  equal('what the agent is answered while it is in', await eachOf(sockets, (socket) => commandCode(scene, socket)), [
    'ok',
    'ok',
  ]);
  const pushes = await pushesUnderWay(scene);

  await ending.end(scene);
  const answered = performance.now();
  const outcomes = Promise.all(pushes.map((push) => push.finish()));
  const shut = await Promise.all(
    doorsOf(scene, ending, sockets, told).map(async ([name, isShut]) => {
      await within(WATCHED_MS, `${name} is shut`, isShut, () => ({ told, open: sockets.map(({ isOpen }) => isOpen) }));
      return { name, milliseconds: Math.round(performance.now() - answered) };
    }),
  );
  isTrue(
    'a push that had begun before moves nothing, at either process',
    (await outcomes).every((outcome) => outcome !== 'taken'),
    await outcomes,
  );
  const last = shut.reduce((one, other) => (other.milliseconds > one.milliseconds ? other : one));
  atMost(`milliseconds until the last door was shut, ${last.name}`, last.milliseconds, OUT_MS);
  const refs = await installation.query(`SELECT ref FROM hosted_refs WHERE room_id = $1`, [room.id]);
  equal('the branches of the room', refs, [{ ref: 'refs/heads/main' }]);
  await ending.after?.(stage, scene);
}

/** Whoever has the token comes back with a new key, and hands in what the revoked one signed. */
async function revokedKeyCountsForNothing(stage: Stage, scene: AtWork): Promise<void> {
  const { installation, agent, held, signer, room } = scene;
  const socket = await agentSocket(stage, agent, installation.right);
  const { agentId } = await socket.accepted('agent_register', { instance: 'come-back' });
  const again = await socket.ask('register_key', registrationOf(signer.key, agentId));
  equal('the revoked key, registered again', again.ok || again.error.code, 'key_revoked');
  await socket.accepted('register_key', registrationOf(anAgentKey(), agentId));
  const commit = await pushBranch(installation.left, room.id, agent.token, 'signed/late', 'late.md', signer);
  const reply = await socket.ask('submit_work', { ...held, gitBranch: 'signed/late', commit });
  equal('what it signed after it was revoked', reply.ok || reply.error.code, 'commit_not_signed');
}

const agentPath = ({ room, agent }: AtWork): string => `/api/rooms/${room.id}/agents/${agent.agent.id}`;

const ENDINGS: readonly Ending[] = [
  {
    name: 'out-token-revoked',
    promise: 'whose token was revoked',
    end: ({ installation, owner, agent }) => installation.rest(owner, 'DELETE', `/api/agents/${agent.agent.id}`),
    heard: 'closed',
    refusal: 'unauthenticated',
  },
  {
    name: 'out-key-revoked',
    promise: 'whose key was revoked, whatever that key signs afterwards,',
    end: ({ installation, owner, agent, keyId }) =>
      installation.rest(owner, 'DELETE', `/api/agents/${agent.agent.id}/keys/${keyId}`),
    heard: 'closed',
    refusal: null,
    after: revokedKeyCountsForNothing,
  },
  {
    name: 'out-owner-left',
    promise: 'whose owner left',
    end: ({ installation, owner, room }) => installation.rest(owner, 'POST', `/api/rooms/${room.id}/leave`),
    heard: 'room_closed',
    refusal: 'not_found',
  },
  {
    name: 'out-owner-banned',
    promise: 'whose owner was banned',
    end: ({ installation, host, owner, room }) =>
      installation.rest(host, 'POST', `/api/rooms/${room.id}/bans`, { userId: owner.id }),
    heard: 'room_closed',
    refusal: 'banned',
  },
  {
    name: 'out-owner-kicked',
    promise: 'whose owner was sent out',
    end: ({ installation, host, owner, room }) =>
      installation.rest(host, 'DELETE', `/api/rooms/${room.id}/members/${owner.id}`),
    heard: 'room_closed',
    refusal: 'not_found',
  },
  {
    name: 'out-agent-removed',
    promise: 'that was taken out of the room',
    end: (scene) => scene.installation.rest(scene.host, 'DELETE', agentPath(scene)),
    heard: 'room_closed',
    refusal: 'not_found',
  },
  {
    name: 'out-agent-paused',
    promise: 'that was paused',
    end: (scene) => scene.installation.rest(scene.host, 'PUT', `${agentPath(scene)}/pause`),
    heard: 'abilities_changed',
    refusal: 'agent_paused',
  },
  {
    name: 'out-room-paused',
    promise: 'of a room whose agents were all paused',
    end: ({ installation, host, room }) =>
      installation.rest(host, 'PUT', `/api/rooms/${room.id}`, { settings: { agentsPaused: true } }),
    heard: 'abilities_changed',
    refusal: 'agent_paused',
  },
  {
    name: 'out-task-cancelled',
    promise: 'whose task was stopped',
    end: async ({ installation, host, held: { roomId, taskId } }) => {
      const socket = await WireSocket.open({ url: installation.left.url, auth: { token: host.token } });
      await socket.accepted('cancel_task', { roomId, taskId }).finally(() => socket.cut());
    },
    heard: 'lease_lost',
    refusal: 'lease_lost',
  },
];

/** Agents that are to be out, at every process. */
export const out: readonly Scenario[] = ENDINGS.map((ending) => ({
  name: ending.name,
  promise: `An agent ${ending.promise} is out on both processes within a second, and a push under way moves nothing.`,
  run: (stage: Stage) => isOut(stage, ending),
}));
