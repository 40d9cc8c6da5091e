import type { Ability, AuditPage, Ban, Member, Room, RoomState } from '@clawtank/contracts';
import { DataSource } from 'typeorm';
import { RoomSnapshot } from '../../apps/api/src/rooms/index.js';
import { PlainSpectator } from '../spectators/spectators.support.js';
import { startTestServer, type TestServer } from '../support/app.js';
import { outcome } from '../support/outcome.js';
import { accepted, command, connect, eventually, Person, type RoomSocket } from '../support/people.js';
import { verifyRoom } from '../support/verify-room.js';

describe('keeping order in a room', () => {
  let server: TestServer;
  let ann: Person;
  const sockets: RoomSocket[] = [];

  beforeAll(async () => {
    server = await startTestServer();
    ann = await Person.register(server.url);
  });
  afterAll(async () => {
    sockets.forEach((socket) => socket.close());
    await server.close();
  });

  const open = async (socket: Promise<RoomSocket>): Promise<RoomSocket> => {
    sockets.push(await socket);
    return socket;
  };
  const member = async (roomId: string, role?: 'moderator' | 'guest'): Promise<Person> => {
    const person = await Person.register(server.url);
    await ann.invite(roomId, person);
    if (role) {
      await assign(roomId, person, role);
    }
    return person;
  };
  const assign = (roomId: string, person: { id: string }, role: string, by = ann) =>
    by.request<Member>('PUT', `/api/rooms/${roomId}/members/${person.id}/role`, { role });
  const ban = (roomId: string, person: { id: string }, by = ann, reason = '') =>
    by.request<Ban>('POST', `/api/rooms/${roomId}/bans`, { userId: person.id, reason });
  const mute = (roomId: string, person: { id: string }, minutes = 10, by = ann) =>
    by.request<Member>('PUT', `/api/rooms/${roomId}/members/${person.id}/mute`, { minutes });
  const unmute = (roomId: string, person: { id: string }, by = ann) =>
    by.request<Member>('DELETE', `/api/rooms/${roomId}/members/${person.id}/mute`);
  const seats = async (roomId: string) => (await ann.request<Room>('GET', `/api/rooms/${roomId}`)).members;
  const state = (roomId: string): Promise<RoomState> => server.app.get(RoomSnapshot, { strict: false }).read(roomId);
  const say = (socket: RoomSocket, roomId: string) => command(socket, 'chat_message', { roomId, message: 'hello' });

  /** Writes by several connections at once, until `deed` is done and a little longer; both ways that messages take. */
  const writeDuring = async (person: Person, roomId: string, deed: () => Promise<unknown>) => {
    const lines = await Promise.all(Array.from({ length: 6 }, () => open(person.connect())));
    let isOver = false;
    const writing = lines.map(async (line, index) => {
      while (!isOver) {
        await command(line, 'chat_message', { roomId, message: index % 2 ? 'hello' : 'hello @nobody' });
      }
    });
    await new Promise((resolve) => setTimeout(resolve, 150));
    await deed();
    await new Promise((resolve) => setTimeout(resolve, 150));
    isOver = true;
    await Promise.all(writing);
  };

  /** Follows the room and keeps what it is told of its abilities, and of the end. */
  const follow = async (socket: RoomSocket, roomId: string) => {
    const heard = { abilities: [] as (readonly Ability[])[], closed: [] as string[] };
    socket.on('abilities_changed', (push) => push.roomId === roomId && heard.abilities.push(push.abilities));
    socket.on('room_closed', (push) => push.roomId === roomId && heard.closed.push(push.reason));
    await accepted(socket, 'join_room', { roomId });
    return heard;
  };

  describe('roles', () => {
    it('change what somebody may do at once, and everybody sees them', async () => {
      const { id: roomId } = await ann.createRoom();
      const born = await state(roomId);
      const bob = await member(roomId);
      const socket = await open(bob.connect());
      const heard = await follow(socket, roomId);

      const guest = await assign(roomId, bob, 'guest');
      expect(guest).toMatchObject({ id: bob.id, role: 'guest', permissions: ['read'] });
      await eventually(() => heard.abilities.length === 1);
      expect(heard.abilities[0]).toEqual(['read']);
      expect(await say(socket, roomId)).toMatchObject({ ok: false, error: { code: 'forbidden' } });

      await assign(roomId, bob, 'moderator');
      await eventually(() => heard.abilities.at(-1)?.includes('ban_member'));
      expect(await say(socket, roomId)).toMatchObject({ ok: true });
      await verifyRoom(server, born);
    });

    it('are not told twice if nothing changed', async () => {
      const { id: roomId } = await ann.createRoom();
      const bob = await member(roomId);
      const heard = await follow(await open(bob.connect()), roomId);
      const { seq } = await state(roomId);
      await assign(roomId, bob, 'member');
      expect((await state(roomId)).seq).toBe(seq);
      await ann.request('PUT', `/api/rooms/${roomId}`, { description: 'other words' });
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(heard.abilities).toEqual([]);
    });

    it('are given by the host only, and never to agents; host one becomes by transfer', async () => {
      const { id: roomId } = await ann.createRoom();
      const [mia, bob] = [await member(roomId, 'moderator'), await member(roomId)];
      const { agent } = await bob.bringAgent(roomId);
      expect(await outcome(assign(roomId, bob, 'moderator', mia))).toBe('forbidden');
      expect(await outcome(assign(roomId, agent, 'moderator'))).toBe('forbidden');
      expect(await outcome(assign(roomId, bob, 'host'))).toBe('invalid_input');
      expect(await outcome(assign(roomId, ann, 'member'))).toBe('host_must_stay');
      expect(await outcome(assign(roomId, await Person.register(server.url), 'member'))).toBe('not_found');
    });

    it('take a guest’s agents out of the room, and a guest who leaves comes back as one', async () => {
      const { id: roomId } = await ann.createRoom({ visibility: 'public' });
      const bob = await member(roomId);
      const { agent } = await bob.bringAgent(roomId);
      await assign(roomId, bob, 'guest');
      expect((await seats(roomId)).map(({ id }) => id)).not.toContain(agent.id);
      expect(await outcome(bob.request('POST', `/api/rooms/${roomId}/agents/${agent.id}`))).toBe('forbidden');

      await bob.request('POST', `/api/rooms/${roomId}/leave`);
      await bob.request('POST', `/api/rooms/${roomId}/join`);
      expect((await seats(roomId)).find(({ id }) => id === bob.id)).toMatchObject({ role: 'guest' });
      await assign(roomId, bob, 'member');
      await bob.request('POST', `/api/rooms/${roomId}/leave`);
      await bob.request('POST', `/api/rooms/${roomId}/join`);
      expect((await seats(roomId)).find(({ id }) => id === bob.id)).toMatchObject({ role: 'member' });
    });

    it('pass with the room: one transaction makes one host a moderator and another member the host', async () => {
      const { id: roomId } = await ann.createRoom();
      const bob = await member(roomId);
      await mute(roomId, bob);
      const born = await state(roomId);
      const heard = await follow(await open(bob.connect()), roomId);

      await ann.request('POST', `/api/rooms/${roomId}/transfer`, { userId: bob.id });
      const members = await seats(roomId);
      expect(members.find(({ id }) => id === ann.id)).toMatchObject({ role: 'moderator' });
      expect(members.find(({ id }) => id === bob.id)).toMatchObject({ role: 'host', mutedUntil: null });
      await eventually(() => heard.abilities.at(-1)?.includes('delete_room'));
      await verifyRoom(server, born);
      const times = await server.app
        .get(DataSource)
        .query<{ at: Date }[]>(`SELECT created_at AS at FROM room_events WHERE room_id = $1 AND seq > $2`, [
          roomId,
          born.seq,
        ]);
      expect(times).toHaveLength(2);
      expect(times[0]!.at).toEqual(times[1]!.at);

      expect(await outcome(ann.request('DELETE', `/api/rooms/${roomId}`))).toBe('forbidden');
      await ann.request('POST', `/api/rooms/${roomId}/leave`);
    });

    it('leave a room exactly one host, however transfers, departures and removals race', async () => {
      for (let round = 0; round < 6; round++) {
        const { id: roomId } = await ann.createRoom();
        const [bob, eve] = [await member(roomId), await member(roomId)];
        await Promise.all([
          outcome(ann.request('POST', `/api/rooms/${roomId}/transfer`, { userId: bob.id })),
          outcome(ann.request('POST', `/api/rooms/${roomId}/transfer`, { userId: eve.id })),
          outcome(bob.request('POST', `/api/rooms/${roomId}/leave`)),
          outcome(eve.request('POST', `/api/rooms/${roomId}/leave`)),
        ]);
        const { members } = await state(roomId);
        expect(members.filter(({ role }) => role === 'host')).toHaveLength(1);
      }
    });

    it('find a host for a room whose own closes their account', async () => {
      const host = await Person.register(server.url);
      const { id: roomId } = await host.createRoom({ visibility: 'public' });
      const [bob, mia] = [await Person.register(server.url), await Person.register(server.url)];
      await bob.request('POST', `/api/rooms/${roomId}/join`);
      await mia.request('POST', `/api/rooms/${roomId}/join`);
      await assign(roomId, mia, 'moderator', host);
      await host.request('DELETE', `/api/users/${host.id}`);
      await eventually(async () => (await seats(roomId)).find(({ id }) => id === mia.id)?.role === 'host');
      const { entries } = await mia.request<AuditPage>('GET', `/api/rooms/${roomId}/audit`);
      expect(entries[0]).toMatchObject({ action: 'room.transferred', actor: { type: 'system' }, target: mia.name });
    });
  });

  it('archives a room in which nobody is left', async () => {
    const host = await Person.register(server.url);
    const { id: roomId } = await host.createRoom({ visibility: 'public' });
    await host.request('DELETE', `/api/users/${host.id}`);
    await eventually(async () => (await ann.request<Room>('GET', `/api/rooms/${roomId}`)).archivedAt);
    expect(await outcome(ann.request('POST', `/api/rooms/${roomId}/join`))).toBe('room_archived');
  });

  describe('rank', () => {
    it('keeps moderators from touching one another, themselves and the host', async () => {
      const { id: roomId } = await ann.createRoom();
      const [mia, moe, bob] = [
        await member(roomId, 'moderator'),
        await member(roomId, 'moderator'),
        await member(roomId),
      ];
      const kick = (person: Person) => outcome(mia.request('DELETE', `/api/rooms/${roomId}/members/${person.id}`));
      for (const [other, expected] of [
        [moe, 'forbidden'],
        [mia, 'forbidden'],
        [ann, 'host_must_stay'],
      ] as const) {
        expect(await kick(other)).toBe(expected);
        expect(await outcome(ban(roomId, other, mia))).toBe(expected);
        expect(await outcome(mute(roomId, other, 5, mia))).toBe(expected);
        expect(await outcome(unmute(roomId, other, mia))).toBe(expected);
      }
      expect(await outcome(ban(roomId, mia, bob))).toBe('forbidden');
      expect(await kick(bob)).toBe('ok');
      await ann.request('DELETE', `/api/rooms/${roomId}/members/${moe.id}`);
      expect((await seats(roomId)).map(({ id }) => id)).toEqual([ann.id, mia.id]);
    });
  });

  describe('a removal', () => {
    it('ends the links that the removed one made, and lets them come back where anybody may', async () => {
      const { id: roomId } = await ann.createRoom();
      const bob = await member(roomId);
      const { token } = await bob.request<{ token: string }>('POST', `/api/rooms/${roomId}/invitations`, {});
      await ann.request('DELETE', `/api/rooms/${roomId}/members/${bob.id}`);
      expect(await outcome(bob.request('POST', `/api/invitations/${token}/accept`))).toBe('invitation_invalid');
      await ann.invite(roomId, bob);
    });

    it('and a join that race leave either a seat or none, and a log that agrees', async () => {
      for (let round = 0; round < 6; round++) {
        const { id: roomId } = await ann.createRoom({ visibility: 'public' });
        const born = await state(roomId);
        const bob = await Person.register(server.url);
        await bob.request('POST', `/api/rooms/${roomId}/join`);
        const outcomes = await Promise.all([
          outcome(ann.request('DELETE', `/api/rooms/${roomId}/members/${bob.id}`)),
          outcome(bob.request('POST', `/api/rooms/${roomId}/join`)),
          outcome(bob.request('POST', `/api/rooms/${roomId}/join`)),
          outcome(ann.request('DELETE', `/api/rooms/${roomId}/members/${bob.id}`)),
        ]);
        outcomes.forEach((one) => expect(['ok', 'not_found']).toContain(one));
        await verifyRoom(server, born);
      }
    });
  });

  describe('a ban', () => {
    it('takes the seat, the agents’ seats and every open connection, and says why', async () => {
      const { id: roomId } = await ann.createRoom({ visibility: 'public' });
      const born = await state(roomId);
      const bob = await member(roomId);
      const { agent, token } = await bob.bringAgent(roomId);
      const heard = await Promise.all([
        follow(await open(bob.connect()), roomId),
        follow(await open(bob.connect()), roomId),
        follow(await open(connect(server.url, '/agents', token)), roomId),
      ]);
      const given = await ban(roomId, bob, ann, 'spam');
      expect(given).toMatchObject({ user: { name: bob.name }, bannedBy: { name: ann.name }, reason: 'spam' });
      await eventually(() => heard.every(({ closed }) => closed.join() === 'banned'), 1000);
      expect((await seats(roomId)).map(({ id }) => id)).toEqual([ann.id]);
      expect(agent.id).not.toBe(bob.id);
      await verifyRoom(server, born);
    });

    it('keeps the person and their agents out by every way there is, with tokens that are still valid', async () => {
      const { id: roomId } = await ann.createRoom({ visibility: 'public' });
      const bob = await member(roomId);
      const { agent, token: agentToken } = await bob.bringAgent(roomId);
      const [socket, agentSocket] = [await open(bob.connect()), await open(connect(server.url, '/agents', agentToken))];
      const { token } = await ann.request<{ token: string }>('POST', `/api/rooms/${roomId}/invitations`, {});
      await ban(roomId, bob);

      expect(await command(socket, 'join_room', { roomId })).toMatchObject({ error: { code: 'banned' } });
      expect(await command(agentSocket, 'join_room', { roomId })).toMatchObject({ error: { code: 'banned' } });
      expect(await say(socket, roomId)).toMatchObject({ error: { code: 'banned' } });
      expect(await outcome(bob.request('POST', `/api/rooms/${roomId}/join`))).toBe('banned');
      expect(await outcome(bob.request('POST', `/api/invitations/${token}/accept`))).toBe('banned');
      expect(await outcome(bob.request('POST', `/api/rooms/${roomId}/agents/${agent.id}`))).toBe('banned');
      expect(await outcome(bob.request('GET', `/api/rooms/${roomId}/state`))).toBe('banned');
      expect(
        await outcome(ann.request('POST', `/api/rooms/${roomId}/invitations/people`, { username: bob.name })),
      ).toBe('banned');

      const git = await fetch(`${server.url}/git/${roomId}.git/info/refs?service=git-upload-pack`, {
        headers: { authorization: `Basic ${Buffer.from(`git:${agentToken}`).toString('base64')}` },
      });
      expect(git.status).toBe(403);

      // What anybody may see, they may.
      const [asBob, asStranger] = await Promise.all([
        bob.request<Room>('GET', `/api/rooms/${roomId}`),
        fetch(`${server.url}/api/rooms/${roomId}`).then((response) => response.json() as Promise<Room>),
      ]);
      expect(asBob).toEqual(asStranger);
    });

    it('ends and refuses watching under one’s name, and leaves watching without one', async () => {
      const { id: roomId } = await ann.createRoom({ visibility: 'public' });
      const bob = await Person.register(server.url);
      const watching = new PlainSpectator(server.url, roomId, { auth_token: bob.token });
      await watching.welcome();
      await ban(roomId, bob); // who never had a seat
      await watching.until(() => watching.closed);
      expect(await watching.error()).toMatchObject({ code: 'ACCESS_DENIED' });

      const again = new PlainSpectator(server.url, roomId, { auth_token: bob.token });
      await again.until(() => again.closed);
      expect(await again.error()).toMatchObject({ code: 'ACCESS_DENIED', permanent: true });
      const nobody = new PlainSpectator(server.url, roomId);
      await nobody.welcome();
      await nobody.leave();
    });

    it('stays as it was given when it is given again, is listed, and can be lifted', async () => {
      const { id: roomId } = await ann.createRoom({ visibility: 'public' });
      const bob = await Person.register(server.url);
      await ban(roomId, bob, ann, 'first');
      expect(await ban(roomId, bob, ann, 'second')).toMatchObject({ reason: 'first' });
      const bans = await ann.request<Ban[]>('GET', `/api/rooms/${roomId}/bans`);
      expect(bans.map(({ user }) => user.name)).toEqual([bob.name]);
      await ann.request('DELETE', `/api/rooms/${roomId}/bans/${bob.id}`);
      expect(await outcome(ann.request('DELETE', `/api/rooms/${roomId}/bans/${bob.id}`))).toBe('not_found');
      await bob.request('POST', `/api/rooms/${roomId}/join`);
    });

    it('and joins that race never leave a banned person seated', async () => {
      for (let round = 0; round < 8; round++) {
        const { id: roomId } = await ann.createRoom({ visibility: 'public' });
        const born = await state(roomId);
        const bob = await Person.register(server.url);
        const { id: invitation } = await ann.request<{ id: string }>(
          'POST',
          `/api/rooms/${roomId}/invitations/people`,
          {
            username: bob.name,
          },
        );
        await Promise.all([
          outcome(bob.request('POST', `/api/me/invitations/${invitation}/accept`)),
          outcome(ban(roomId, bob)),
          outcome(bob.request('POST', `/api/rooms/${roomId}/join`)),
        ]);
        expect((await seats(roomId)).map(({ id }) => id)).toEqual([ann.id]);
        await verifyRoom(server, born);
      }
    });
  });

  describe('a mute', () => {
    it('takes a person’s voice and that of their agents, and nothing else', async () => {
      const { id: roomId } = await ann.createRoom();
      const bob = await member(roomId);
      const { agent, token } = await bob.bringAgent(roomId);
      const born = await state(roomId);
      const [socket, agentSocket] = [await open(bob.connect()), await open(connect(server.url, '/agents', token))];
      const heard = [await follow(socket, roomId), await follow(agentSocket, roomId)];

      const muted = await mute(roomId, bob, 5);
      const left = Date.parse(muted.mutedUntil ?? '') - Date.now();
      expect(left).toBeGreaterThan(4 * 60_000);
      expect(left).toBeLessThanOrEqual(5 * 60_000);
      await eventually(() => heard.every(({ abilities }) => abilities.length === 1));
      heard.forEach(({ abilities }) => {
        expect(abilities[0]).toContain('push');
        expect(abilities[0]).not.toContain('chat');
      });
      for (const line of [socket, agentSocket]) {
        const reply = await say(line, roomId);
        expect(reply).toMatchObject({ ok: false, error: { code: 'muted' } });
        expect((reply as { error: { retryAfter: number } }).error.retryAfter).toBeGreaterThan(4 * 60_000);
      }
      await accepted(socket, 'create_task', { roomId, description: 'still possible' });

      const second = await bob.bringAgent(roomId);
      expect((await seats(roomId)).find(({ id }) => id === second.agent.id)?.mutedUntil).toBe(muted.mutedUntil);
      await bob.request('POST', `/api/rooms/${roomId}/leave`);
      await ann.invite(roomId, bob);
      expect((await seats(roomId)).find(({ id }) => id === bob.id)?.mutedUntil).toBe(muted.mutedUntil);

      await unmute(roomId, bob);
      await bob.request('POST', `/api/rooms/${roomId}/agents/${agent.id}`);
      expect((await seats(roomId)).every(({ mutedUntil }) => mutedUntil === null)).toBe(true);
      await verifyRoom(server, born);
    });

    it('ends by itself, and the person is told', async () => {
      const { id: roomId } = await ann.createRoom();
      const bob = await member(roomId);
      await mute(roomId, bob, 1);
      await server.app
        .get(DataSource)
        .query(
          `UPDATE room_members SET muted_until = now() + interval '1500 ms' WHERE room_id = $1 AND member_id = $2`,
          [roomId, bob.id],
        );
      const socket = await open(bob.connect());
      const heard = await follow(socket, roomId);
      expect(await say(socket, roomId)).toMatchObject({ error: { code: 'muted' } });
      await eventually(() => heard.abilities.at(-1)?.includes('chat'), 4000);
      expect(await say(socket, roomId)).toMatchObject({ ok: true });
    });

    it('can be of an agent alone', async () => {
      const { id: roomId } = await ann.createRoom();
      const bob = await member(roomId);
      const { agent, token } = await bob.bringAgent(roomId);
      await mute(roomId, agent);
      expect(await say(await open(connect(server.url, '/agents', token)), roomId)).toMatchObject({
        error: { code: 'muted' },
      });
      expect(await say(await open(bob.connect()), roomId)).toMatchObject({ ok: true });
    });

    it('lets nothing through that comes after it, however fast one writes', async () => {
      const { id: roomId } = await ann.createRoom();
      const bob = await member(roomId);
      for (let round = 0; round < 3; round++) {
        await writeDuring(bob, roomId, () => mute(roomId, bob));
        expect(await typesAfter(roomId, 'member.updated')).not.toContain('chat.message');
        await unmute(roomId, bob);
      }
    });
  });

  describe('an archived room', () => {
    it('is read and looked after, and nothing else; opened again, everything is as before', async () => {
      const { id: roomId } = await ann.createRoomWithRepository({ visibility: 'public' });
      const bob = await member(roomId);
      const { agent, token } = await bob.bringAgent(roomId);
      const { agent: other } = await bob.request<{ agent: { id: string } }>('POST', '/api/agents', { name: 'other' });
      const [socket, agentSocket] = [await open(bob.connect()), await open(connect(server.url, '/agents', token))];
      const heard = [await follow(socket, roomId), await follow(agentSocket, roomId)];
      const task = await accepted(socket, 'create_task', { roomId, description: 'do it', agentId: agent.id });
      const { lease } = await accepted(agentSocket, 'claim_task', { roomId, taskId: task.id });
      const lost = new Promise<string>((resolve) => agentSocket.on('lease_lost', ({ reason }) => resolve(reason)));
      const link = await ann.request<{ token: string }>('POST', `/api/rooms/${roomId}/invitations`, {});
      const born = await state(roomId);

      const archived = await ann.request<Room>('POST', `/api/rooms/${roomId}/archive`);
      expect(archived.archivedAt).not.toBeNull();
      expect(await ann.request('POST', `/api/rooms/${roomId}/archive`)).toEqual(archived);
      await eventually(() => heard.every(({ abilities }) => abilities.at(-1)?.join() === 'read'));
      expect(await lost).toBe('The room was archived');
      await verifyRoom(server, born);

      const stranger = await Person.register(server.url);
      expect(await say(socket, roomId)).toMatchObject({ error: { code: 'room_archived' } });
      expect(await command(agentSocket, 'claim_task', { roomId, taskId: task.id })).toMatchObject({
        error: { code: 'room_archived' },
      });
      expect(
        await command(agentSocket, 'lease_renew', { roomId, taskId: task.id, leaseId: lease.leaseId }),
      ).toMatchObject({
        error: { code: 'room_archived' },
      });
      expect(await outcome(stranger.request('POST', `/api/rooms/${roomId}/join`))).toBe('room_archived');
      expect(await outcome(stranger.request('POST', `/api/invitations/${link.token}/accept`))).toBe('room_archived');
      expect(await outcome(bob.request('POST', `/api/rooms/${roomId}/agents/${other.id}`))).toBe('room_archived');
      expect(await outcome(ann.request('PUT', `/api/rooms/${roomId}`, { name: 'No' }))).toBe('room_archived');
      expect(await outcome(bob.request('POST', `/api/rooms/${roomId}/archive`))).toBe('forbidden');
      const git = (service: string) =>
        fetch(`${server.url}/git/${roomId}.git/info/refs?service=${service}`, {
          headers: { authorization: `Basic ${Buffer.from(`git:${token}`).toString('base64')}` },
        }).then(({ status }) => status);
      expect(await git('git-upload-pack')).toBe(200);
      expect(await git('git-receive-pack')).toBe(403);
      await bob.request('GET', `/api/rooms/${roomId}/state`);

      const assigned = [] as string[];
      const late = await open(connect(server.url, '/agents', token));
      late.on('task_assignment', ({ taskId }) => assigned.push(taskId));
      await new Promise((resolve) => setTimeout(resolve, 200));
      expect(assigned).toEqual([]);

      await ann.request('POST', `/api/rooms/${roomId}/unarchive`);
      await eventually(() => heard.every(({ abilities }) => abilities.at(-1)?.includes('chat')));
      expect(await say(socket, roomId)).toMatchObject({ ok: true });
      await accepted(agentSocket, 'claim_task', { roomId, taskId: task.id });
      await verifyRoom(server, born);
    });

    it('has no message after the moment it was archived, however fast one writes', async () => {
      const { id: roomId } = await ann.createRoom();
      for (let round = 0; round < 3; round++) {
        await writeDuring(ann, roomId, () => ann.request('POST', `/api/rooms/${roomId}/archive`));
        expect(await typesAfter(roomId, 'room.updated')).toEqual([]);
        await ann.request('POST', `/api/rooms/${roomId}/unarchive`);
      }
    });
  });

  describe('settings', () => {
    it('change live for everyone, all of them', async () => {
      const { id: roomId } = await ann.createRoom();
      const bob = await member(roomId);
      const born = await state(roomId);
      const socket = await open(bob.connect());
      await accepted(socket, 'join_room', { roomId });
      const rooms: unknown[] = [];
      socket.on('activity_update', ({ activity }) =>
        activity.forEach((item) => item.type === 'room.updated' && rooms.push(item.data.room)),
      );
      const change = {
        name: 'Workshop',
        description: 'What we do',
        visibility: 'public',
        language: 'TypeScript',
        topics: ['Web-Sockets', 'c++'],
        settings: {
          slowModeSeconds: 30,
          linkPreviews: true,
          autoMergeEnabled: true,
          spectatorAllowed: false,
          gitIntegration: false,
        },
      };
      const answer = await ann.request<Room>('PUT', `/api/rooms/${roomId}`, change);
      expect(answer).toMatchObject({ ...change, language: 'typescript', topics: ['web-sockets', 'c++'] });
      expect(answer.settings.maxMembers).toBe(20);
      await eventually(() => rooms.length === 1);
      expect(rooms[0]).toEqual(answer);
      await verifyRoom(server, born);
    });

    it('may lower the number of seats below those taken: nobody loses theirs, and nobody gets one until enough have left', async () => {
      const { id: roomId } = await ann.createRoom({ visibility: 'public' });
      const bob = await member(roomId);
      await ann.request('PUT', `/api/rooms/${roomId}`, { settings: { maxMembers: 1 } });
      expect(await seats(roomId)).toHaveLength(2);
      const eve = await Person.register(server.url);
      expect(await outcome(eve.request('POST', `/api/rooms/${roomId}/join`))).toBe('room_full');
      await bob.request('POST', `/api/rooms/${roomId}/leave`);
      expect(await outcome(eve.request('POST', `/api/rooms/${roomId}/join`))).toBe('room_full');
      await ann.request('PUT', `/api/rooms/${roomId}`, { settings: { maxMembers: 2 } });
      await eve.request('POST', `/api/rooms/${roomId}/join`);
    });
  });

  /** What the log has after its last entry of `type`. */
  async function typesAfter(roomId: string, type: string): Promise<string[]> {
    const rows = await server.app
      .get(DataSource)
      .query<{ type: string }[]>(
        `SELECT type FROM room_events WHERE room_id = $1 AND seq > (SELECT max(seq) FROM room_events WHERE room_id = $1 AND type = $2)`,
        [roomId, type],
      );
    return rows.map((row) => row.type);
  }
});
