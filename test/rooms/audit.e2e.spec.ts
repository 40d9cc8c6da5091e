import type { AuditAction, AuditPage, AuditPageOfRooms, Room } from '@clawtank/contracts';
import { DataSource } from 'typeorm';
import { startTestServer, type TestServer } from '../support/app.js';
import { Person } from '../support/people.js';

describe('the audit log', () => {
  let server: TestServer;
  let ann: Person;
  let bob: Person;
  let admin: Person;

  beforeAll(async () => {
    server = await startTestServer();
    [ann, bob, admin] = [
      await Person.register(server.url),
      await Person.register(server.url),
      await Person.register(server.url),
    ];
    await database().query(`UPDATE users SET role = 'admin' WHERE id = $1`, [admin.id]);
    admin = await Person.signIn(server.url, admin.name, 'correct horse battery');
  });
  afterAll(() => server.close());

  const database = () => server.app.get(DataSource);
  const read = (roomId: string, query = '', by = ann) =>
    by.request<AuditPage>('GET', `/api/rooms/${roomId}/audit${query}`);

  /** A room in which every deed was done that leaves a trace there. */
  const eventfulRoom = async (): Promise<{ roomId: string; actions: AuditAction[] }> => {
    const { id: roomId } = await ann.createRoomWithRepository({ visibility: 'public' });
    const room = `/api/rooms/${roomId}`;
    const join = () => bob.request('POST', `${room}/join`);
    const { agent } = await (await join(), bob.bringAgent(roomId));
    const deeds: [AuditAction, () => Promise<unknown>][] = [
      ['room.updated', () => ann.request('PUT', room, { name: 'Other', settings: { slowModeSeconds: 5 } })],
      ['role.assigned', () => ann.request('PUT', `${room}/members/${bob.id}/role`, { role: 'moderator' })],
      ['role.assigned', () => ann.request('PUT', `${room}/members/${bob.id}/role`, { role: 'member' })],
      ['member.muted', () => ann.request('PUT', `${room}/members/${bob.id}/mute`, { minutes: 5 })],
      ['member.unmuted', () => ann.request('DELETE', `${room}/members/${bob.id}/mute`)],
      ['agent.removed', () => ann.request('DELETE', `${room}/agents/${agent.id}`)],
      ['member.removed', () => ann.request('DELETE', `${room}/members/${bob.id}`)],
      ['member.banned', () => ann.request('POST', `${room}/bans`, { userId: bob.id, reason: 'rude' })],
      ['member.unbanned', () => ann.request('DELETE', `${room}/bans/${bob.id}`)],
      [
        'git.connected',
        () => ann.request('POST', `${room}/git`, { provider: 'github', repoId: '42', fullName: 'octo/tank' }),
      ],
      ['git.disconnected', () => ann.request('DELETE', `${room}/git`)],
      ['room.archived', () => ann.request('POST', `${room}/archive`)],
      ['room.unarchived', () => ann.request('POST', `${room}/unarchive`)],
    ];
    for (const [, deed] of deeds) {
      await deed();
    }
    await join();
    await ann.request('POST', `${room}/transfer`, { userId: bob.id });
    return { roomId, actions: ['room.created', ...deeds.map(([action]) => action), 'room.transferred'] };
  };

  it('has every privileged deed, in order, with who did it to whom', async () => {
    const { roomId, actions } = await eventfulRoom();
    const { entries, nextCursor } = await read(roomId);
    expect(nextCursor).toBeNull();
    expect(entries.map(({ action }) => action)).toEqual([...actions].reverse());
    entries.forEach(({ actor }) => expect(actor).toEqual({ type: 'human', id: ann.id, name: ann.name }));
    const entryOf = (action: AuditAction) => entries.find((entry) => entry.action === action);
    expect(entryOf('room.updated')?.details).toMatchObject({
      changes: { name: { to: 'Other' }, 'settings.slowModeSeconds': { from: 0, to: 5 } },
    });
    expect(entryOf('member.banned')).toMatchObject({ target: bob.name, details: { userId: bob.id, reason: 'rude' } });
    expect(entryOf('role.assigned')?.details).toMatchObject({ from: 'moderator', to: 'member' });
    expect(entryOf('git.connected')).toMatchObject({ target: 'octo/tank' });
  });

  it('has nothing of a deed that was refused or changed nothing', async () => {
    const { id: roomId } = await ann.createRoom({ visibility: 'public' });
    await bob.request('POST', `/api/rooms/${roomId}/join`);
    await ann.request('PUT', `/api/rooms/${roomId}`, { description: '' });
    await ann.request('PUT', `/api/rooms/${roomId}/members/${bob.id}/role`, { role: 'member' });
    await ann.request('DELETE', `/api/rooms/${roomId}/members/${bob.id}/mute`);
    await expect(bob.request('POST', `/api/rooms/${roomId}/archive`)).rejects.toMatchObject({ status: 403 });
    await expect(ann.request('POST', `/api/rooms/${roomId}/transfer`, { userId: admin.id })).rejects.toMatchObject({
      status: 404,
    });
    expect((await read(roomId)).entries.map(({ action }) => action)).toEqual(['room.created']);
  });

  it('is read page by page and by action, by those who may', async () => {
    const { roomId, actions } = await eventfulRoom();
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: AuditPage = await read(roomId, `?limit=4${cursor && `&cursor=${cursor}`}`);
      expect(page.entries.length).toBeLessThanOrEqual(4);
      seen.push(...page.entries.map(({ action }) => action));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual([...actions].reverse());
    expect((await read(roomId, '?action=role.assigned')).entries).toHaveLength(2);
    await expect(read(roomId, '?cursor=bm9uc2Vuc2U')).rejects.toMatchObject({
      problem: { code: 'invalid_input', errors: [{ path: 'cursor' }] },
    });
    await expect(read(roomId, '', admin)).rejects.toMatchObject({ status: 404 });
    const { id: other } = await ann.createRoom({ visibility: 'public' });
    await bob.request('POST', `/api/rooms/${other}/join`);
    await expect(read(other, '', bob)).rejects.toMatchObject({ status: 403 });
  });

  it('outlives its room, for administrators', async () => {
    const { id: roomId, name } = await ann.createRoom();
    await ann.request('DELETE', `/api/rooms/${roomId}`);
    await expect(read(roomId)).rejects.toMatchObject({ status: 404 });
    const ofRooms = (query: string, by = admin) => by.request<AuditPageOfRooms>('GET', `/api/admin/audit${query}`);
    const { entries } = await ofRooms(`?roomId=${roomId}`);
    expect(entries.map(({ action, roomId: of, details }) => [action, of, details['name']])).toEqual([
      ['room.deleted', roomId, name],
      ['room.created', roomId, name],
    ]);
    expect((await ofRooms('?action=room.deleted')).entries[0]).toMatchObject({ roomId });
    await expect(ofRooms('', ann)).rejects.toMatchObject({ status: 403 });
  });

  it('cannot be changed, shortened or emptied by the application itself', async () => {
    const { id: roomId } = await ann.createRoom();
    const entries = () => read(roomId);
    const before = await entries();
    expect(before.entries).toHaveLength(1);
    for (const attempt of [
      `UPDATE audit_entries SET actor_name = 'nobody'`,
      `UPDATE audit_entries SET details = '{}' WHERE room_id = '${roomId}'`,
      `DELETE FROM audit_entries`,
      `TRUNCATE audit_entries`,
      `TRUNCATE rooms CASCADE; TRUNCATE audit_entries`,
      `INSERT INTO audit_entries OVERRIDING SYSTEM VALUE SELECT * FROM audit_entries ON CONFLICT (id) DO UPDATE SET action = 'room.deleted'`,
    ]) {
      await expect(database().query(attempt)).rejects.toThrow('The audit log is append-only');
    }
    expect(await entries()).toEqual(before);
    expect(await ann.request<Room>('GET', `/api/rooms/${roomId}`)).toMatchObject({ id: roomId });
  });
});
