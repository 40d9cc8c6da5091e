import { type PullRequest, ROOM_EVENT_TYPES } from '@clawtank/contracts';
import { DataSource } from 'typeorm';
import { PublicInternet } from '../../apps/api/src/chat/previews/public-internet.js';
import { RoomSnapshot } from '../../apps/api/src/rooms/index.js';
import { aPage, Site, withLoopback } from '../chat/previews.support.js';
import { anIssue, ProviderHook } from '../git/webhooks.support.js';
import { signerOf } from '../support/agent-key.js';
import { startTestServer, type TestServer } from '../support/app.js';
import { Follower } from '../support/follower.js';
import { accepted, connect, Person } from '../support/people.js';
import { pushBranch } from '../support/push-branch.js';
import { verifyRoom } from '../support/verify-room.js';

describe('an old snapshot and the entries since', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.close());

  it('make a fresh snapshot, for every type of entry there is', async () => {
    const [ann, bob] = [await Person.register(server.url), await Person.register(server.url)];
    const room = await ann.createRoomWithRepository();
    const roomId = room.id;
    const born = await server.app.get(RoomSnapshot, { strict: false }).read(roomId);
    await ann.invite(roomId, bob);
    const { agent, token } = await ann.bringAgent(roomId);
    const [socket, agentSocket] = [await ann.connect(), await connect(server.url, '/agents', token)];
    const follower = await Follower.join(socket, roomId);
    // Five points more make ann's second level.
    await server.app
      .get(DataSource)
      .query(`INSERT INTO user_reputation (user_id, total_xp, level) VALUES ($1, 95, 1)`, [ann.id]);

    /** After each step, before the next one covers up what it did. */
    const check = () => verifyRoom(server, born);

    const claim = async () => {
      const task = await accepted(socket, 'create_task', { roomId, description: 'do it', agentId: agent.id });
      const { lease } = await accepted(agentSocket, 'claim_task', { roomId, taskId: task.id });
      return { roomId, taskId: task.id, leaseId: lease.leaseId };
    };
    const propose = (head: string, taskId?: string) =>
      accepted(agentSocket, 'open_pull_request', { roomId, title: `Merge ${head}`, head, ...(taskId && { taskId }) });
    const pull = (number: number, deed: 'merge' | 'close', body: object) =>
      bob.request<PullRequest>('POST', `/api/rooms/${roomId}/pulls/${number}/${deed}`, body);
    const seen = (type: string, count = 1) =>
      follower.until(() => follower.events.filter((event) => event.type === type).length >= count);

    const { id: messageId } = await accepted(socket, 'chat_message', { roomId, message: 'hello' });
    await check();
    await accepted(socket, 'edit_message', { roomId, messageId, message: 'hello all' });
    await check();
    await accepted(agentSocket, 'react', { roomId, messageId, emoji: '👋', on: true });
    await check();
    const site = await Site.open((_, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end(aPage('A guide'));
    });
    withLoopback(server.app.get(PublicInternet, { strict: false }));
    await ann.request('PUT', `/api/rooms/${roomId}`, { settings: { linkPreviews: true } });
    await accepted(socket, 'edit_message', { roomId, messageId, message: site.at('site.example') });
    await seen('chat.previewed');
    await check();
    await site.close();
    await accepted(socket, 'pin_message', { roomId, messageId, pinned: true });
    await check();
    await accepted(socket, 'pin_message', { roomId, messageId, pinned: false });
    await check();
    const reply = await accepted(agentSocket, 'chat_message', { roomId, message: 'hello you', threadId: messageId });
    await accepted(agentSocket, 'delete_message', { roomId, messageId: reply.id });
    await check();
    const wish = await accepted(socket, 'chat_message', { roomId, message: `@${agent.name} please write it down` });
    await seen('task.created');
    await accepted(socket, 'delete_message', { roomId, messageId: wish.id });
    await seen('task.redacted');
    await check();
    const limited = (mentionsPerHour: number | null) =>
      ann.request('PUT', `/api/rooms/${roomId}/agents/${agent.id}/limits`, { limits: { mentionsPerHour } });
    await limited(0);
    await accepted(socket, 'chat_message', { roomId, message: `@${agent.name} are you there?` });
    await seen('agent.held_back');
    await check();
    await limited(null);
    await accepted(agentSocket, 'agent_status', { status: 'working', currentTask: 'everything' });
    await check();
    await accepted(agentSocket, 'task_progress', { ...(await claim()), note: 'halfway', percent: 50 });
    await check();
    await accepted(agentSocket, 'release_task', { ...(await claim()), reason: 'busy' });
    await check();
    await accepted(agentSocket, 'fail_task', { ...(await claim()), reason: 'cannot' });
    await check();
    await accepted(socket, 'cancel_task', { roomId, taskId: (await claim()).taskId });
    await check();

    const [first, second] = [await claim(), await claim()];
    await accepted(agentSocket, 'claim_paths', { ...first, paths: ['src/*.ts'] });
    await check();
    await accepted(agentSocket, 'claim_paths', { ...second, paths: ['src/main.ts', 'docs'] });
    await seen('task.conflict');
    await check();
    await accepted(agentSocket, 'claim_paths', { ...second, paths: ['docs'] });
    await seen('task.conflict_resolved');
    await check();
    await accepted(agentSocket, 'claim_paths', { ...second, paths: ['src'] });
    await accepted(agentSocket, 'release_task', first);
    await check();
    await accepted(agentSocket, 'fail_task', { ...second, reason: 'cannot' });
    await check();

    const step = { approvalId: 'step-1', kind: 'execute', title: 'Publish it', detail: 'npm publish' } as const;
    const asking = await claim();
    const asked = await accepted(agentSocket, 'request_approval', { ...asking, ...step });
    await check();
    await accepted(socket, 'decide_approval', { roomId, id: asked.id, decision: 'approved' });
    await check();
    await accepted(agentSocket, 'request_approval', { ...asking, ...step, approvalId: 'step-2' });
    await check();
    await accepted(agentSocket, 'request_approval', { ...asking, ...step, approvalId: 'step-3' });
    await accepted(agentSocket, 'withdraw_approval', { ...asking, approvalId: 'step-3' });
    await check();
    await accepted(agentSocket, 'release_task', { ...asking, reason: 'nobody decides' });
    await check();

    const held = await claim();
    const commit = await pushBranch(server, roomId, token, 'agent/work', 'work.txt', await signerOf(agentSocket));
    const proposed = await propose('agent/work', held.taskId);
    await accepted(agentSocket, 'submit_work', { ...held, gitBranch: 'agent/work', commit });
    await check();
    const { taskId } = held;
    const verdict = 'changes_requested';
    await accepted(socket, 'review_task', { roomId, taskId, verdict, sha: commit, comment: 'Nearly' });
    await check();
    const other = await accepted(socket, 'create_task', { roomId, description: 'something else' });
    await accepted(socket, 'update_task', { roomId, taskId, priority: 'high', dependsOn: [other.id] });
    await check();
    await seen('git.pr_opened');
    const middle = await check();

    await pushBranch(server, roomId, await ann.gitToken(), 'agent/left', 'same.txt');
    await pushBranch(server, roomId, await ann.gitToken(), 'agent/right', 'same.txt');
    const [left, right] = [await propose('agent/left'), await propose('agent/right')];
    await pull(proposed.number, 'merge', { headSha: proposed.headSha });
    await check();
    await seen('xp.level_up');
    await check();
    await seen('task.completed');
    await check();
    await pull(left.number, 'merge', { headSha: left.headSha });
    await check();
    await seen('git.pr_merged', 2);
    await seen('git.pr_updated');
    await check();
    await pull(right.number, 'close', {});
    await check();
    await seen('git.pr_closed');
    await check();

    await ann.request('PUT', `/api/rooms/${roomId}`, { description: 'changed' });
    await check();
    await ann.request('PUT', `/api/rooms/${roomId}/members/${bob.id}/mute`, { minutes: 5 });
    await check();
    await ann.request('DELETE', `/api/rooms/${roomId}/members/${bob.id}/mute`);
    await check();
    await ann.request('POST', `/api/rooms/${roomId}/transfer`, { userId: bob.id });
    await check();
    await bob.request('POST', `/api/rooms/${roomId}/transfer`, { userId: ann.id });
    await check();
    await claim();
    await ann.request('POST', `/api/rooms/${roomId}/archive`);
    await check();
    await follower.until((state) => state.tasks.every(({ lease }) => lease === null));
    await ann.request('POST', `/api/rooms/${roomId}/unarchive`);
    await check();
    const hook = await ProviderHook.reconnect(server, ann, room, { repoId: '42' });
    await check();
    for (const [action, second, change] of [
      ['opened', 0, {}],
      ['edited', 1, { title: 'It never starts' }],
      ['closed', 2, { state: 'closed' }],
    ] as const) {
      await hook.github('issues', anIssue(action, second, change));
      await hook.settled();
      await check();
    }
    await ann.request('DELETE', `/api/rooms/${roomId}/git`);
    await check();
    await bob.request('POST', `/api/rooms/${roomId}/leave`);
    await check();
    await ann.request('DELETE', `/api/rooms/${roomId}/agents/${agent.id}`);
    await check();
    await seen('agent.left');
    await check();
    // What the agent still held is taken back a moment later.
    await follower.until((state) => state.tasks.every(({ lease }) => lease === null));
    await check();
    await verifyRoom(server, middle);
    const rows = await server.app
      .get(DataSource)
      .query<{ type: string }[]>(`SELECT DISTINCT type FROM room_events WHERE room_id = $1`, [roomId]);
    expect(rows.map(({ type }) => type).sort()).toEqual([...ROOM_EVENT_TYPES].sort());
    socket.close();
    agentSocket.close();
  }, 180_000);
});
