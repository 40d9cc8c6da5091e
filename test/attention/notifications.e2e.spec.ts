import type { ChatMessage, NotificationPage } from '@clawtank/contracts';
import { AttentionListener } from '../../apps/api/src/attention/attention.listener.js';
import { DataSource } from 'typeorm';
import { SweepNotifications } from '../../apps/api/src/attention/sweep-notifications.jobs.js';
import { startTestServer, type TestServer } from '../support/app.js';
import { accepted, eventually, Person, type RoomSocket } from '../support/people.js';
import { aWhile, Device } from './device.js';

let server: TestServer;
let ann: Person;
let bob: Person;
let eve: Person;
let ann_: RoomSocket;
const devices: Device[] = [];

beforeAll(async () => {
  server = await startTestServer();
});
beforeEach(async () => {
  // People of their own for each test: nobody has anything unread.
  ann = await Person.register(server.url);
  bob = await Person.register(server.url);
  eve = await Person.register(server.url);
  ann_ = await ann.connect();
});
afterEach(() => {
  ann_.close();
  devices.splice(0).forEach((device) => device.close());
});
afterAll(() => server.close());

const deviceOf = async (person: Person): Promise<Device> => {
  const device = await Device.of(person);
  devices.push(device);
  return device;
};

/** A room of all three, in which Bob wants to hear of mentions only, unless the test is about more. */
const room = async (): Promise<string> => {
  const { id } = await ann.createRoomWithRepository();
  await ann.invite(id, bob);
  await ann.invite(id, eve);
  await bob.request('PUT', `/api/rooms/${id}/preferences`, { level: 'mentions' });
  await eve.request('PUT', `/api/rooms/${id}/preferences`, { level: 'mentions' });
  return id;
};

const say = (
  roomId: string,
  message: string,
  more: { replyTo?: string; threadId?: string } = {},
): Promise<ChatMessage> => accepted(ann_, 'chat_message', { roomId, message, ...more });

const listOf = (person: Person, query = ''): Promise<NotificationPage> =>
  person.request<NotificationPage>('GET', `/api/me/notifications${query}`);

const listed = (person: Person, many = 1): Promise<NotificationPage> =>
  eventually(async () => {
    const page = await listOf(person);
    return page.notifications.length >= many && page;
  });

describe('a notification', () => {
  it('tells whom a message mentions, and nobody else', async () => {
    const roomId = await room();
    const [hers, his] = [await deviceOf(eve), await deviceOf(bob)];
    const message = await say(roomId, `Have a look, @${bob.name}!\n\nIt is done.`);

    expect(await his.isTold({ kind: 'mention' })).toEqual({
      id: expect.any(String) as string,
      kind: 'mention',
      room: { id: roomId, name: expect.any(String) as string },
      actor: message.author,
      messageId: message.id,
      seq: message.seq,
      excerpt: `Have a look, @${bob.name}! It is done.`,
      createdAt: message.timestamp,
      readAt: null,
    });
    expect(await listOf(bob)).toMatchObject({ unread: 1, notifications: [{ messageId: message.id }] });
    await aWhile();
    expect(hers.notifications).toEqual([]);
    expect(await listOf(eve)).toEqual({ unread: 0, notifications: [], nextCursor: null });
    expect(await listOf(ann)).toMatchObject({ notifications: [] });
  });

  it('tells everybody of @here, and the one who is answered of an answer and of what is said in their thread', async () => {
    const roomId = await room();
    const [hers, his] = [await deviceOf(eve), await deviceOf(bob)];
    await say(roomId, '@here we go');
    await Promise.all([hers.isTold({ kind: 'here' }), his.isTold({ kind: 'here' })]);

    const asked = await accepted(his.socket, 'chat_message', { roomId, message: 'Which one?' });
    const answer = await say(roomId, 'The first one', { replyTo: asked.id });
    await his.isTold({ kind: 'reply', messageId: answer.id });
    const inThread = await say(roomId, 'Or the second', { threadId: asked.id });
    await his.isTold({ kind: 'reply', messageId: inThread.id });
    await aWhile();
    expect(hers.notifications.map(({ kind }) => kind)).toEqual(['here']);
  });

  it('comes once, however often the news of its cause does', async () => {
    const roomId = await room();
    const his = await deviceOf(bob);
    const { id: messageId, seq } = await say(roomId, `@${bob.name}`);
    await his.isTold({ messageId });

    const listener = server.app.get(AttentionListener, { strict: false });
    await Promise.all([1, 2, 3].map(() => listener.tellOfMessage({ roomId, messageId, seq })));
    await aWhile();
    expect(his.notifications).toHaveLength(1);
    expect((await listOf(bob)).notifications).toHaveLength(1);
  });

  it('does not come from a muted room', async () => {
    const roomId = await room();
    await bob.request('PUT', `/api/rooms/${roomId}/preferences`, { level: 'none' });
    const his = await deviceOf(bob);
    await say(roomId, `@${bob.name} @here`);
    await accepted(ann_, 'direct_message', { roomId, toMemberId: bob.id, message: 'And you?' });
    await his.hears(roomId, { unread: 1, mentions: 1, level: 'none' });
    await aWhile();
    expect(his.notifications).toEqual([]);
    expect(await listOf(bob)).toMatchObject({ unread: 0, notifications: [] });
  });

  it('says once that a room has something unread, to those who want to hear of all messages, until they have read', async () => {
    const roomId = await room();
    await bob.request('PUT', `/api/rooms/${roomId}/preferences`, { level: 'all' });
    const [hers, his] = [await deviceOf(eve), await deviceOf(bob)];
    const first = await say(roomId, 'one');
    await his.isTold({ kind: 'message', messageId: first.id });
    const second = await say(roomId, 'two');
    await his.hears(roomId, { unread: 2 });
    await aWhile();
    expect(his.notifications).toHaveLength(1);

    await accepted(his.socket, 'mark_read', { roomId, seq: second.seq });
    const third = await say(roomId, 'three');
    await his.isTold({ kind: 'message', messageId: third.id });
    await aWhile();
    expect(his.notifications).toHaveLength(2);
    expect(hers.notifications).toEqual([]);
  });

  it('does not pop up where somebody is looking, and does when they have turned away', async () => {
    const roomId = await room();
    const [looking, besides] = [await deviceOf(bob), await deviceOf(bob)];
    await accepted(looking.socket, 'join_room', { roomId });
    const seen = await say(roomId, `Hello @${bob.name}`);
    expect((await listed(bob)).notifications).toMatchObject([{ messageId: seen.id, readAt: null }]);
    await besides.hears(roomId, { mentions: 1 });
    await aWhile();
    expect([...looking.notifications, ...besides.notifications]).toEqual([]);

    await accepted(looking.socket, 'set_presence', { status: 'idle' });
    const unseen = await say(roomId, `Are you there, @${bob.name}?`);
    await looking.isTold({ messageId: unseen.id });
    await besides.isTold({ messageId: unseen.id });
    await accepted(looking.socket, 'set_presence', { status: 'active' });
    await say(roomId, `There you are, @${bob.name}`);
    await listed(bob, 3);
    await aWhile();
    expect(looking.notifications).toHaveLength(1);
  });

  it('is read everywhere once it is read anywhere', async () => {
    const roomId = await room();
    const [one, other] = [await deviceOf(bob), await deviceOf(bob)];
    const [first, second, third] = [
      await say(roomId, `@${bob.name} 1`),
      await say(roomId, `@${bob.name} 2`),
      await say(roomId, `@${bob.name} 3`),
    ];
    const told = [
      await other.isTold({ messageId: first.id }),
      await other.isTold({ messageId: second.id }),
      await other.isTold({ messageId: third.id }),
    ];

    await accepted(one.socket, 'mark_read', { roomId, seq: first.seq });
    await eventually(() => other.cleared.length === 1);
    await bob.request('POST', '/api/me/notifications/read', { ids: [told[1]!.id] });
    await eventually(() => other.cleared.length === 2);
    expect(other.cleared).toEqual([told[0]!.id, told[1]!.id]);
    expect(await listOf(bob, '?unread=true')).toMatchObject({ unread: 1, notifications: [{ id: told[2]!.id }] });
    await eventually(() => other.frames.at(-1)?.notifications === 1);

    await bob.request('POST', '/api/me/notifications/read', {});
    await eventually(() => other.cleared.length === 3 && one.cleared.length === 3);
    expect(await listOf(bob)).toMatchObject({ unread: 0 });
    // Somebody else's are none of Bob's business.
    await say(roomId, `@${eve.name}`);
    const hers = (await listed(eve)).notifications[0]!;
    await bob.request('POST', '/api/me/notifications/read', { ids: [hers.id] });
    expect(await listOf(eve)).toMatchObject({ unread: 1 });
  });

  it('is kept as read if the message was read before anybody could be told', async () => {
    const roomId = await room();
    const his = await deviceOf(bob);
    const { id: messageId, seq } = await say(roomId, 'hello');
    await accepted(his.socket, 'mark_read', { roomId, seq });
    await accepted(ann_, 'edit_message', { roomId, messageId, message: `hello @${bob.name}` });
    await server.app.get(AttentionListener, { strict: false }).tellOfMessage({ roomId, messageId, seq });
    expect(await listOf(bob)).toMatchObject({
      unread: 0,
      notifications: [{ messageId, readAt: expect.any(String) as string }],
    });
    expect(his.notifications).toEqual([]);
  });

  it('shows what the message says now, and goes when the message goes', async () => {
    const roomId = await room();
    const his = await deviceOf(bob);
    const { id: messageId } = await say(roomId, `@${bob.name} the old words`);
    const { id } = await his.isTold({ messageId });
    await accepted(ann_, 'edit_message', { roomId, messageId, message: `@${bob.name} the new words` });
    expect(await listOf(bob)).toMatchObject({ notifications: [{ excerpt: `@${bob.name} the new words` }] });

    await accepted(ann_, 'delete_message', { roomId, messageId });
    expect(await listOf(bob)).toEqual({ unread: 0, notifications: [], nextCursor: null });
    await eventually(() => his.cleared.includes(id));
  });

  it('keeps credentials off the locked screen, and its excerpt short', async () => {
    const roomId = await room();
    await say(roomId, `@${bob.name} use ghp_${'a'.repeat(36)} ${'and so on '.repeat(40)}`);
    const excerpt = (await listed(bob)).notifications[0]?.excerpt ?? '';
    expect(excerpt).toContain('use [secret] and so on');
    expect([...excerpt]).toHaveLength(140);
  });

  it('goes with the seat, and does not come back with another one', async () => {
    const roomId = await room();
    await say(roomId, `@${bob.name}`);
    await listed(bob);
    await ann.request('DELETE', `/api/rooms/${roomId}/members/${bob.id}`);
    expect(await listOf(bob)).toMatchObject({ unread: 0, notifications: [] });
    const his = await deviceOf(bob);
    await say(roomId, `@${bob.name} @here`);
    await aWhile();
    expect(his.notifications).toEqual([]);

    await ann.invite(roomId, bob);
    expect(await listOf(bob)).toMatchObject({ unread: 0, notifications: [] });
  });

  it('tells of an invitation until it is answered', async () => {
    const { id: roomId } = await ann.createRoom();
    const his = await deviceOf(bob);
    const invitation = await ann.request<{ id: string }>('POST', `/api/rooms/${roomId}/invitations/people`, {
      username: bob.name,
    });
    expect(await his.isTold({ kind: 'invitation' })).toMatchObject({
      room: { id: roomId },
      actor: { id: ann.id, name: ann.name },
      messageId: null,
      excerpt: '',
    });
    expect(await listOf(bob)).toMatchObject({ unread: 1 });
    await bob.request('POST', `/api/me/invitations/${invitation.id}/accept`);
    expect(await listOf(bob)).toMatchObject({ unread: 0, notifications: [] });
  });

  it('tells of a direct message until it is read, or taken back', async () => {
    const roomId = await room();
    const [one, other] = [await deviceOf(bob), await deviceOf(bob)];
    const direct = (message: string) => accepted(ann_, 'direct_message', { roomId, toMemberId: bob.id, message });
    const first = await direct('Psst');
    const told = await other.isTold({ kind: 'direct_message' });
    expect(told).toMatchObject({
      room: { id: roomId },
      messageId: first.id,
      seq: 1,
      excerpt: 'Psst',
      actor: { id: ann.id },
    });

    await accepted(one.socket, 'mark_direct_read', { roomId, memberId: ann.id, seq: first.seq });
    await eventually(() => other.cleared.includes(told.id));
    expect(await listOf(bob)).toMatchObject({ unread: 0 });

    const second = await direct('Never mind');
    const { id } = await other.isTold({ messageId: second.id });
    await accepted(ann_, 'delete_direct_message', { roomId, messageId: second.id });
    expect(await listOf(bob)).toMatchObject({ unread: 0, notifications: [{ id: told.id }] });
    await eventually(() => other.cleared.includes(id));
  });

  it('is forgotten after three months', async () => {
    const roomId = await room();
    await say(roomId, `@${bob.name} once`);
    await listed(bob);
    await server.app
      .get(DataSource)
      .query(`UPDATE notifications SET created_at = created_at - interval '91 days' WHERE user_id = $1`, [bob.id]);
    await say(roomId, `@${bob.name} again`);
    await listed(bob, 1);
    await server.app.get(SweepNotifications, { strict: false }).sweep();
    const left = await server.app
      .get(DataSource)
      .query<{ seq: string }[]>(`SELECT seq FROM notifications WHERE user_id = $1`, [bob.id]);
    expect(left).toHaveLength(1);
  });

  it('is listed page by page, the newest first, each once', async () => {
    const roomId = await room();
    const said: string[] = [];
    for (let count = 0; count < 7; count++) {
      said.push((await say(roomId, `@${bob.name} ${count}`)).id);
    }
    await listed(bob, 7);
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: NotificationPage = await listOf(bob, `?limit=3${cursor && `&cursor=${cursor}`}`);
      seen.push(...page.notifications.map(({ messageId }) => messageId!));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(said.reverse());
    await expect(listOf(bob, '?cursor=nonsense')).rejects.toMatchObject({ status: 400 });
  });
});
