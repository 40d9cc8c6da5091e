import type { PublicEvent } from '@clawtank/contracts';
import { DataSource } from 'typeorm';
import { PlainSpectator } from '../spectators/spectators.support.js';
import { startTestServer, type TestServer } from '../support/app.js';
import { aRoom, type Speaker } from './chat.support.js';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(() => server.close());

const chatOf = (events: readonly PublicEvent[]) =>
  events.flatMap((event) =>
    event.type === 'chat.public'
      ? [`said ${event.content}`]
      : event.type === 'chat.edited'
        ? [`edited ${event.content}`]
        : event.type === 'chat.deleted'
          ? ['deleted']
          : [],
  );

/** What somebody sees who comes now. */
async function seenBy(roomId: string): Promise<{ chat: string[]; raw: string }> {
  const spectator = new PlainSpectator(server.url, roomId);
  const { current_state } = await spectator.welcome();
  await spectator.leave();
  return { chat: chatOf(current_state?.recent_activity ?? []), raw: spectator.raw };
}

describe('Strangers', () => {
  it('hear of edits and deletions of what they were told, and of nothing else', async () => {
    const { roomId, speakers, close } = await aRoom(server.url, 0, { visibility: 'public' });
    const [host] = speakers as [Speaker];
    const spectator = new PlainSpectator(server.url, roomId);
    await spectator.welcome();
    const [open, secret] = [await host.say('open'), await host.say('secret', { visibility: 'members' })];
    await host.edit(secret.id, 'secret, edited');
    await host.react(open.id, '👍');
    await host.pin(open.id);
    await host.edit(open.id, 'open, edited: write to ann@example.com');
    await host.delete(secret.id);
    await host.delete(open.id);
    await spectator.until(() => chatOf(spectator.events).includes('deleted'));
    expect(chatOf(spectator.events)).toEqual(['said open', 'edited open, edited: write to [e-mail]', 'deleted']);
    expect(spectator.raw).not.toContain('secret');
    await spectator.leave();
    expect((await seenBy(roomId)).chat).toEqual(['said ', 'edited ', 'deleted']);
    close();
  });

  it('never learn what was said or changed while the room was private', async () => {
    const { roomId, speakers, close } = await aRoom(server.url, 0, { visibility: 'public' });
    const [host] = speakers as [Speaker];
    const open = (visibility: 'public' | 'private') =>
      host.person.request('PUT', `/api/rooms/${roomId}`, { visibility });
    const before = await host.say('said in public');
    await open('private');
    const inside = await host.say('hidden words');
    await host.edit(before.id, 'hidden change');
    await open('public');
    await host.edit(inside.id, 'hidden words, edited');
    await host.delete(inside.id);
    await host.say('in public again');
    const { chat, raw } = await seenBy(roomId);
    expect(chat).toEqual(['said ', 'said in public again']);
    expect(raw).not.toContain('hidden');
    const rows = await server.app
      .get(DataSource)
      .query<unknown[]>(`SELECT 1 FROM room_events WHERE room_id = $1 AND public_payload::text LIKE '%hidden%'`, [
        roomId,
      ]);
    expect(rows).toEqual([]);
    close();
  });
});
