import { crc32 } from 'node:zlib';
import type { Attachment } from '@clawtank/contracts';
import { MAX_ATTACHMENT_BYTES } from '@clawtank/contracts';
import sharp from 'sharp';
import { DataSource } from 'typeorm';
import { SweepAttachments } from '../../apps/api/src/chat/attachments/sweep-attachments.jobs.js';
import { startTestServer, type TestServer } from '../support/app.js';
import type { Person } from '../support/people.js';
import { aRoom, refusal, type Speaker } from './chat.support.js';

let server: TestServer;
let roomId: string;
let host: Speaker;
let bob: Speaker;
let close: () => void;

beforeAll(async () => {
  server = await startTestServer({ env: { ATTACHMENTS_ROOM_MB: '20', ATTACHMENTS_PERSON_MB: '30' } });
});

beforeEach(async () => {
  const room = await aRoom(server.url);
  ({ roomId, close } = room);
  [host, bob] = room.speakers as [Speaker, Speaker];
});

afterEach(() => close());
afterAll(() => server.close());

const send = (person: Person, body: RequestInit['body'], headers: Record<string, string> = {}, to = roomId) =>
  fetch(`${server.url}/api/rooms/${to}/attachments`, {
    method: 'POST',
    headers: { authorization: `Bearer ${person.token}`, ...headers },
    body: body ?? null,
    ...(body instanceof ReadableStream && { duplex: 'half' }),
  });

const upload = async (speaker: Speaker, bytes: Uint8Array | string, name = 'file', type = 'text/plain') => {
  const response = await send(speaker.person, bytes as RequestInit['body'], {
    'x-file-name': encodeURIComponent(name),
    'content-type': type,
  });
  const answer: unknown = await response.json();
  if (response.status !== 201) {
    throw answer;
  }
  return answer as Attachment;
};

const fetchFile = (url: string, headers: Record<string, string> = {}) => fetch(`${server.url}${url}`, { headers });
const bytesAt = async (url: string) => Buffer.from(await (await fetchFile(url)).arrayBuffer());

const aPicture = (width = 40, height = 20) =>
  sharp({ create: { width, height, channels: 3, background: { r: 200, g: 30, b: 90 } } });

/** A PNG of a few bytes that says it is this large. */
async function claiming(width: number, height: number): Promise<Buffer> {
  const png = await aPicture().png().toBuffer();
  png.writeUInt32BE(width, 16);
  png.writeUInt32BE(height, 20);
  png.writeUInt32BE(crc32(png.subarray(12, 29)), 29);
  return png;
}

describe('An uploaded picture', () => {
  it('is drawn anew: upright, without what its file said beside it', async () => {
    const photo = await aPicture(40, 20)
      .withExif({ IFD0: { Copyright: 'where-i-live', Orientation: '6' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    const hidden = Buffer.concat([photo, Buffer.from('<script>alert("hidden")</script>')]);
    const attachment = await upload(host, hidden, 'Grüße aus 🏖️.jpeg', 'text/html');
    expect(attachment).toMatchObject({ kind: 'image', mediaType: 'image/jpeg', name: 'Grüße aus 🏖️.jpg' });
    expect([attachment.width, attachment.height]).toEqual([20, 40]);
    const stored = await bytesAt(attachment.url);
    expect(stored).toHaveLength(attachment.bytes);
    expect(stored.includes('where-i-live')).toBe(false);
    expect(stored.includes('script')).toBe(false);
    expect(await sharp(stored).metadata()).toMatchObject({ width: 20, height: 40, format: 'jpeg' });
  });

  it('keeps moving, as WebP', async () => {
    const frames = await Promise.all(
      [10, 200].map((r) =>
        sharp({ create: { width: 8, height: 8, channels: 3, background: { r, g: 0, b: 0 } } })
          .png()
          .toBuffer(),
      ),
    );
    const gif = await sharp(frames, { join: { animated: true } })
      .gif()
      .toBuffer();
    const attachment = await upload(host, gif, 'dance.gif', 'image/gif');
    expect(attachment).toMatchObject({
      kind: 'image',
      mediaType: 'image/webp',
      name: 'dance.webp',
      width: 8,
      height: 8,
    });
    expect(await sharp(await bytesAt(attachment.url)).metadata()).toMatchObject({ format: 'webp', pages: 2 });
  });

  it('is made no larger than screens are', async () => {
    const attachment = await upload(host, await aPicture(6000, 3000).png().toBuffer(), 'wide.png');
    expect([attachment.width, attachment.height]).toEqual([4096, 2048]);
  });

  it.each([
    ['claims to be very many pixels', () => claiming(60_000, 60_000)],
    ['is damaged', async () => (await aPicture(400, 400).jpeg().toBuffer()).subarray(0, 300)],
    ['only begins like one', () => Promise.resolve(Buffer.from('\x89PNG\r\n\x1a\n and no more', 'latin1'))],
  ])('is refused if it %s', async (_, make) => {
    expect(await refusal(upload(host, await make(), 'picture.png', 'image/png'))).toBe('unsupported_media');
  });
});

describe('Any other file', () => {
  it.each([
    ['<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', 'drawing.svg', 'image/svg+xml'],
    ['<html><script>alert(1)</script></html>', 'page.html', 'text/html'],
    ['{"not": "parsed', 'broken.json', 'application/json'],
  ])('is handed out as bytes that no browser runs: %s', async (text, name, type) => {
    const attachment = await upload(host, text, name, type);
    expect(attachment).toMatchObject({ kind: 'file', name, mediaType: type, width: null, height: null });
    const response = await fetchFile(attachment.url);
    expect(await response.text()).toBe(text);
    expect(response.headers.get('content-type')).toBe('application/octet-stream');
    expect(response.headers.get('content-disposition')).toBe(`attachment; filename*=UTF-8''${name}`);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
    expect(response.headers.get('cross-origin-resource-policy')).toBe('same-origin');
    expect(response.headers.get('set-cookie')).toBeNull();
  });

  it('is asked for again each time, and sent again only if it must be', async () => {
    const { url } = await upload(host, 'hello', 'hello.txt');
    const first = await fetchFile(url);
    expect(first.headers.get('cache-control')).toBe('private, no-cache');
    const again = await fetchFile(url, {
      'if-none-match': first.headers.get('etag') ?? '',
      'cache-control': 'max-age=0', // as browsers ask again
    });
    expect(again.status).toBe(304);
    expect((await fetch(`${server.url}${url}`, { method: 'HEAD' })).headers.get('content-length')).toBe('5');
  });

  it('arrives whole, however large it may be', async () => {
    const bytes = Buffer.alloc(MAX_ATTACHMENT_BYTES, 'clawtank ');
    expect((await bytesAt((await upload(host, bytes, 'large.bin')).url)).equals(bytes)).toBe(true);
  });

  it('is refused if it is too large, whether or not it says so, or empty', async () => {
    const large = Buffer.alloc(MAX_ATTACHMENT_BYTES + 1);
    expect(await refusal(upload(host, large))).toBe('payload_too_large');
    const silent = new Blob([large]).stream();
    expect((await send(host.person, silent)).status).toBe(413);
    expect(await refusal(upload(host, ''))).toBe('invalid_input');
  });

  it('is found by nobody who was not told where', async () => {
    const { url } = await upload(host, 'hello', 'hello.txt');
    const [, , id, secret] = url.split('/');
    for (const wrong of [
      `/files/${id}/${secret}x/hello.txt`,
      `/files/${id}/${secret!.slice(1)}/hello.txt`,
      `/files/${roomId}/${secret}/hello.txt`,
      `/files/x/${secret}/hello.txt`,
    ]) {
      expect((await fetchFile(wrong, { accept: 'text/html' })).status).toBe(404);
    }
  });
});

describe('A file in a room', () => {
  it('is taken from members who may write there only', async () => {
    const elsewhere = await aRoom(server.url, 0);
    expect((await send(elsewhere.speakers[0]!.person, 'x')).status).toBe(404);
    elsewhere.close();
    expect((await fetch(`${server.url}/api/rooms/${roomId}/attachments`, { method: 'POST', body: 'x' })).status).toBe(
      401,
    );
    await host.person.request('PUT', `/api/rooms/${roomId}/members/${bob.id}/role`, { role: 'guest' });
    expect((await send(bob.person, 'x')).status).toBe(403);
  });

  it('belongs to one message of its uploader, in the order asked for', async () => {
    const [one, two] = [await upload(host, 'one', 'one.txt'), await upload(host, 'two', 'two.txt')];
    const ids = [two.id, one.id];
    expect(await refusal(bob.say('not mine', { attachmentIds: [one.id] }))).toBe('invalid_input');
    expect(await refusal(host.say('twice', { attachmentIds: [one.id, one.id] }))).toBe('invalid_input');
    const message = await host.say('here they are', { attachmentIds: ids });
    expect(message.attachments.map(({ name }) => name)).toEqual(['two.txt', 'one.txt']);
    expect((await bob.messages()).messages.at(-1)).toEqual(message);
    expect(await refusal(host.say('again', { attachmentIds: [one.id] }))).toBe('invalid_input');
    const elsewhere = await host.person.createRoom();
    const third = await upload(host, 'three', 'three.txt');
    expect(await refusal(host.say('elsewhere', { roomId: elsewhere.id, attachmentIds: [third.id] }))).toBe(
      'invalid_input',
    );
  });

  it('can be all that a message is, and words can be added', async () => {
    expect(await refusal(host.say(''))).toBe('invalid_input');
    expect(await refusal(host.say(' \n', { attachmentIds: [] }))).toBe('invalid_input');
    const { id } = await upload(host, 'one', 'one.txt');
    const message = await host.say('', { attachmentIds: [id] });
    expect(message).toMatchObject({ message: '', attachments: [{ name: 'one.txt' }], deletedAt: null });
    expect((await bob.messages()).messages.at(-1)).toEqual(message);
    expect(await host.edit(message.id, 'This is it')).toMatchObject({ message: 'This is it' });
  });

  it('is used by one of ten messages that race for it', async () => {
    const { id } = await upload(host, 'contested', 'contested.txt');
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, (_, index) => refusal(host.say(`attempt ${index}`, { attachmentIds: [id] }))),
    );
    expect(outcomes.filter((outcome) => outcome === 'accepted')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'invalid_input')).toHaveLength(9);
  });

  it('is gone at once with its message', async () => {
    const attachment = await upload(host, 'secret plans', 'plans.txt');
    const { id } = await host.say('look', { attachmentIds: [attachment.id] });
    expect((await fetchFile(attachment.url)).status).toBe(200);
    await host.delete(id);
    expect((await fetchFile(attachment.url, { 'if-none-match': `"${attachment.id}"` })).status).toBe(404);
    expect(await server.app.get(DataSource).query('SELECT 1 FROM attachments WHERE id = $1', [attachment.id])).toEqual(
      [],
    );
  });

  it('counts for the room and for the person, also when many come at once', async () => {
    const bytes = Buffer.alloc(6 * 1024 * 1024);
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => refusal(upload(host, bytes))));
    expect(outcomes.sort()).toEqual([
      'accepted',
      'accepted',
      'accepted',
      'quota_exceeded',
      'quota_exceeded',
      'quota_exceeded',
    ]);
    const elsewhere = await host.person.createRoom();
    const more = await Promise.all(
      Array.from({ length: 3 }, async () => (await send(host.person, bytes, {}, elsewhere.id)).status),
    );
    expect(more.sort()).toEqual([201, 201, 413]); // five times six megabytes are all that one person may have
  });

  it('is thrown away after a day if nobody sent it', async () => {
    const [forgotten, sent, fresh] = [await upload(host, 'a'), await upload(host, 'b'), await upload(host, 'c')];
    await host.say('kept', { attachmentIds: [sent.id] });
    await server.app
      .get(DataSource)
      .query(`UPDATE attachments SET created_at = created_at - interval '25 hours' WHERE id = ANY($1)`, [
        [forgotten.id, sent.id],
      ]);
    await server.app.get(SweepAttachments, { strict: false }).sweep();
    expect((await fetchFile(forgotten.url)).status).toBe(404);
    expect((await fetchFile(sent.url)).status).toBe(200);
    expect((await fetchFile(fresh.url)).status).toBe(200);
  });
});
