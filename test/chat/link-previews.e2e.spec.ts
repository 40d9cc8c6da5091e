import { randomBytes } from 'node:crypto';
import type { RoomState } from '@clawtank/contracts';
import { PublicInternet } from '../../apps/api/src/chat/previews/public-internet.js';
import { RoomSnapshot } from '../../apps/api/src/rooms/index.js';
import { startTestServer, type TestServer } from '../support/app.js';
import { nothingUnderWay } from '../support/background.js';
import { Follower } from '../support/follower.js';
import { eventually } from '../support/people.js';
import { describeWithRedis } from '../support/redis.js';
import { keysWith, tablesWith } from '../support/traces.js';
import { verifyRoom } from '../support/verify-room.js';
import { aRoom, type Speaker } from './chat.support.js';
import { aPage, Site, withLoopback } from './previews.support.js';

describeWithRedis('Link previews', (redis) => {
  let server: TestServer;
  let site: Site;
  let roomId: string;
  let ann: Speaker;
  let followers: Follower[];
  let born: RoomState;
  let leave: () => void;

  beforeAll(async () => {
    server = await startTestServer({ redis });
    withLoopback(server.app.get(PublicInternet, { strict: false }));
  });
  afterAll(() => server.close());

  beforeEach(async () => {
    site = await Site.open((request, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end(aPage(`Page ${request.url?.slice(1)}`, 'R&amp;D')),
    );
  });
  afterEach(async () => {
    leave();
    await site.close();
  });

  const setUp = async (linkPreviews: boolean) => {
    const room = await aRoom(server.url, 1, { visibility: 'public' });
    ({ roomId, close: leave } = room);
    ann = room.speakers[0]!;
    born = await server.app.get(RoomSnapshot, { strict: false }).read(roomId);
    await wish(linkPreviews);
    followers = await Promise.all(room.speakers.map(({ socket }) => Follower.join(socket, roomId)));
  };
  const wish = (linkPreviews: boolean) =>
    ann.person.request('PUT', `/api/rooms/${roomId}`, { settings: { linkPreviews } });
  const previewOf = (messageId: string) => (state: RoomState) =>
    state.messages.find(({ id }) => id === messageId)?.preview;
  const seenByAll = (messageId: string, title: string) =>
    Promise.all(
      followers.map((follower) => follower.until((state) => previewOf(messageId)(state)?.title === title || undefined)),
    );
  it('reach everybody in the room, and those who come later', async () => {
    await setUp(true);
    const url = site.at('site.example', '/one');
    const { id, preview } = await ann.say(`Look at ${url} and ${site.at('site.example', '/two')}`);
    expect(preview).toBeNull();
    await seenByAll(id, 'Page one');
    const expected = { url, title: 'Page one', description: 'R&D', site: 'site.example' };
    expect((await ann.messages()).messages.at(-1)?.preview).toEqual(expected);
    expect(previewOf(id)(followers[1]!.state)).toEqual(expected);
    expect(site.asked.map(({ path }) => path)).toEqual(['/one']);
    await verifyRoom(server, born);
  });

  it('are fetched for nobody who has not asked for them', async () => {
    await setUp(false);
    await ann.say(`Look at ${site.at('site.example', '/one')}`);
    const { id } = await ann.say('Nothing yet');
    await ann.edit(id, `Look at ${site.at('site.example', '/two')}`);
    await wish(true);
    const { id: seen } = await ann.say(site.at('site.example', '/three'));
    await seenByAll(seen, 'Page three');
    await wish(false);
    await ann.say(site.at('site.example', '/four'));
    await nothingUnderWay(server);
    expect(site.asked.map(({ path }) => path)).toEqual(['/three']);
  });

  it('follow what a message says after it was edited', async () => {
    await setUp(true);
    const one = site.at('site.example', '/one');
    const { id } = await ann.say(one);
    await seenByAll(id, 'Page one');
    expect((await ann.edit(id, `Better: ${one}`)).preview?.title).toBe('Page one');
    expect((await ann.edit(id, site.at('site.example', '/two'))).preview).toBeNull();
    await seenByAll(id, 'Page two');
    expect((await ann.edit(id, 'No address')).preview).toBeNull();
    await nothingUnderWay(server);
    expect(site.asked.map(({ path }) => path)).toEqual(['/one', '/two']);
    expect((await ann.messages()).messages.at(-1)?.preview).toBeNull();
    await verifyRoom(server, born);
  });

  it('do not come when the message was taken back, or the wish, while the page was fetched', async () => {
    await setUp(true);
    const waiting: (() => void)[] = [];
    const slow = await Site.open((_, response) =>
      waiting.push(() => response.writeHead(200, { 'content-type': 'text/html' }).end(aPage('Too late'))),
    );
    const { id } = await ann.say(slow.at('site.example', '/deleted'));
    const { id: standing } = await ann.say(slow.at('site.example', '/standing'));
    await eventually(() => waiting.length === 2);
    await ann.delete(id);
    await wish(false);
    waiting.forEach((answer) => answer());
    await nothingUnderWay(server);
    expect(await tablesWith(server.database.url, 'Too late')).toEqual([]);
    expect((await ann.messages()).messages.find((one) => one.id === standing)?.preview).toBeNull();
    await slow.close();
  });

  it('are gone with the message, everywhere', async () => {
    await setUp(true);
    const word = `canary${randomBytes(8).toString('hex')}`;
    const since = { lastSeq: followers[0]!.state.seq, epoch: born.epoch, state: structuredClone(followers[0]!.state) };
    const { id } = await ann.say(site.at('site.example', `/${word}`));
    await seenByAll(id, `Page ${word}`);
    await eventually(async () => (await keysWith(redis, word)).length > 0);
    expect(await tablesWith(server.database.url, word)).toEqual(
      expect.arrayContaining(['message_previews', 'messages', 'room_events']),
    );
    await ann.delete(id);
    await eventually(async () => (await keysWith(redis, word)).length === 0, 2000);
    expect(await tablesWith(server.database.url, word)).toEqual([]);
    for (const follower of followers) {
      await eventually(() => !JSON.stringify(follower.state).includes(word));
    }
    const socket = await ann.person.connect();
    const recovering = await Follower.join(socket, roomId, since);
    await recovering.reach(followers[0]!.state.seq);
    expect([recovering.joins[0]?.recovered, recovering.gaps]).toEqual([true, 0]);
    expect(recovering.events.map(({ type }) => type)).toContain('chat.previewed');
    expect(JSON.stringify(recovering.events)).not.toContain(word);
    socket.close();
    await verifyRoom(server, born);
  });

  it('are fetched at most 20 times a minute for one room', async () => {
    await setUp(true);
    for (let number = 0; number < 24; number++) {
      await ann.say(site.at('site.example', `/${number}`));
      await nothingUnderWay(server);
    }
    expect(site.asked).toHaveLength(20);
  });
});
