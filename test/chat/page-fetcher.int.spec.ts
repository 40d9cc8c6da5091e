import type { RequestListener } from 'node:http';
import { gzipSync } from 'node:zlib';
import { PageFetcher } from '../../apps/api/src/chat/previews/page-fetcher.js';
import { PublicInternet } from '../../apps/api/src/chat/previews/public-internet.js';
import type { Settings } from '../../apps/api/src/platform/config/settings.js';
import { RateLimits } from '../../apps/api/src/platform/rate-limits.js';
import { aPage, Site, withLoopback } from './previews.support.js';

const HTML = { 'content-type': 'text/html; charset=utf-8' };
const MAX_BYTES = 256 * 1024;

let sites: Site[] = [];
let fetcher: PageFetcher;

const open = async (answer: RequestListener, address?: string): Promise<Site> => {
  const site = await Site.open(answer, address);
  sites.push(site);
  return site;
};
const redirecting = (to: string, status = 302) =>
  open((_, response) => response.writeHead(status, { location: to }).end());
/** What must never be reached. */
const inner = () => open((_, response) => response.writeHead(200, HTML).end(aPage('Secrets')), '127.0.0.2');

const aFetcher = (internet: PublicInternet) => new PageFetcher(internet, new RateLimits(null, {} as Settings));

beforeEach(() => {
  fetcher = aFetcher(withLoopback(new PublicInternet()));
});

afterEach(async () => {
  await Promise.all(sites.map((site) => site.close()));
  sites = [];
});

describe('A page that strangers named', () => {
  it('is fetched without a word about who asks', async () => {
    const site = await open((_, response) =>
      response.writeHead(200, { ...HTML, 'set-cookie': 'a=b' }).end(aPage('Hello')),
    );
    for (let times = 0; times < 2; times++) {
      const page = await fetcher.fetch(site.at('site.example', '/a?b=c'));
      expect(page).toEqual({ url: new URL(site.at('site.example', '/a?b=c')), html: aPage('Hello') });
    }
    const headers = { ...site.asked[1]!.headers };
    expect(headers['host']).toMatch(/^site\.example:\d+$/);
    expect(headers['user-agent']).toBe('ClawTank link preview');
    expect(Object.keys(headers).sort()).toEqual(['accept', 'accept-encoding', 'connection', 'host', 'user-agent']);
  });

  it('is followed over three redirects and no more', async () => {
    const site = await open((request, response) => {
      const left = Number(request.url?.slice(1));
      return left === 0
        ? response.writeHead(200, HTML).end(aPage('Here'))
        : response.writeHead(301, { location: `/${left - 1}` }).end();
    });
    expect((await fetcher.fetch(site.at('site.example', '/3')))?.url.pathname).toBe('/0');
    expect(await fetcher.fetch(site.at('site.example', '/4'))).toBeNull();
  });

  it.each([
    ['by its number', '127.0.0.2'],
    ['by its number, written in another way', '2130706434'],
    ['by a name', 'inner.example'],
    ['by a name that leads to public places as well', 'both.example'],
  ])('is not fetched from a private address, named %s, nor after a redirect', async (_, host) => {
    const secret = await inner();
    expect(await fetcher.fetch(secret.at(host))).toBeNull();
    const site = await redirecting(secret.at(host));
    expect(await fetcher.fetch(site.at('site.example'))).toBeNull();
    expect([secret.asked.length, site.asked.length]).toEqual([0, 1]);
  });

  it.each(['[::ffff:127.0.0.1]', '[::1]', 'mapped.example', 'both.example', 'unknown.example'])(
    'is not looked for at %s',
    async (host) => {
      const site = await open((_, response) => response.writeHead(200, HTML).end(aPage('Here')));
      expect(await fetcher.fetch(site.at(host))).toBeNull();
      expect(site.asked).toEqual([]);
    },
  );

  it('is asked for by name only once: the connection goes to the address that was checked', async () => {
    const internet = withLoopback(new PublicInternet());
    const secret = await inner();
    let asked = 0;
    Object.assign(internet, {
      addressesOf: () => Promise.resolve([asked++ === 0 ? '127.0.0.1' : '127.0.0.2']),
    });
    expect(await aFetcher(internet).fetch(secret.at('rebinding.example'))).toBeNull();
    expect([asked, secret.asked.length]).toEqual([1, 0]);
  });

  it.each([
    'ftp://site.example/',
    'http://ann:secret@site.example/',
    'https://site.example:8443/',
    'http://site.example:443/',
  ])('is not asked for by %s', (address) => expect(new PublicInternet().mayAsk(new URL(address))).toBe(false));

  it.each(['file:///etc/passwd', 'http://ann:secret@site.example/'])(
    'is not fetched after a redirect to %s',
    async (to) => {
      const site = await redirecting(to);
      expect(await fetcher.fetch(site.at('site.example'))).toBeNull();
    },
  );

  it.each([
    ['a picture', 200, { 'content-type': 'image/png' }],
    ['something that looks like a page', 200, { 'content-type': 'text/html-sandboxed' }],
    ['something without a type', 200, {}],
    ['an error', 404, HTML],
    ['a redirect to nowhere', 302, HTML],
  ])('is not made of %s', async (_, status, headers) => {
    const site = await open((__, response) =>
      response.writeHead(status, headers as Record<string, string>).end(aPage('Title')),
    );
    expect(await fetcher.fetch(site.at('site.example'))).toBeNull();
  });

  it('is never unpacked: what is compressed in spite of our wish is left alone', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    const site = await open((_, response) =>
      response.writeHead(200, { ...HTML, 'content-encoding': 'gzip' }).end(bomb),
    );
    expect(await fetcher.fetch(site.at('site.example'))).toBeNull();
    expect(site.asked[0]!.headers['accept-encoding']).toBe('identity');
  });

  it('is read to 256 KB, and its server hears no more of us', async () => {
    let isClosed = false;
    const site = await open((request, response) => {
      request.socket.on('close', () => (isClosed = true));
      response.writeHead(200, HTML).write(aPage('Endless'));
      const more = (): void => void (!isClosed && response.write('x'.repeat(65_536), () => setImmediate(more)));
      more();
    });
    const page = await fetcher.fetch(site.at('site.example'));
    expect(page?.html).toHaveLength(MAX_BYTES);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(isClosed).toBe(true);
  });

  it.each<[string, RequestListener]>([
    ['says nothing', () => undefined],
    ['never ends', (_, response) => void response.writeHead(200, HTML).write(aPage('Slow'))],
    [
      'sends a byte at a time',
      (_, response) => {
        response.writeHead(200, HTML);
        const timer = setInterval(() => response.write('x'), 100);
        response.on('close', () => clearInterval(timer));
      },
    ],
  ])('is given up after three seconds when its server %s', async (_, answer) => {
    const site = await open(answer);
    const started = Date.now();
    expect(await fetcher.fetch(site.at('site.example'))).toBeNull();
    const took = Date.now() - started;
    expect(took).toBeGreaterThan(2900);
    expect(took).toBeLessThan(6000);
  });

  it('is not fetched from one host more than 30 times a minute', async () => {
    const site = await open((_, response) => response.writeHead(200, HTML).end(aPage('Here')));
    for (let times = 0; times < 40; times++) {
      await fetcher.fetch(site.at('site.example'));
    }
    expect(site.asked).toHaveLength(30);
  });
});
