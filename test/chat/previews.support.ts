import http, { type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { jest } from '@jest/globals';
import { PublicInternet } from '../../apps/api/src/chat/previews/public-internet.js';

/** A server on this machine that counts what it is asked. */
export class Site {
  readonly asked: { readonly path: string; readonly headers: http.IncomingHttpHeaders }[] = [];
  private readonly server: Server;

  private constructor(answer: RequestListener) {
    this.server = http.createServer((request, response) => {
      this.asked.push({ path: request.url ?? '', headers: request.headers });
      answer(request, response);
    });
  }

  static async open(answer: RequestListener, address = '127.0.0.1'): Promise<Site> {
    const site = new Site(answer);
    await new Promise<void>((resolve) => site.server.listen(0, address, resolve));
    return site;
  }

  /** Its address by that name or number. */
  at(host: string, path = '/'): string {
    return `http://${host}:${(this.server.address() as AddressInfo).port}${path}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** Where the names of the tests lead: `site.example` here, as if it were on the internet, the others to what is private. */
const ADDRESSES: Readonly<Record<string, readonly string[]>> = {
  'site.example': ['127.0.0.1'],
  'inner.example': ['127.0.0.2'],
  'both.example': ['127.0.0.1', '127.0.0.2'],
  'mapped.example': ['::ffff:127.0.0.1'],
};

/** Lets 127.0.0.1 stand for the internet, at any port. All else is judged as ever. */
export function withLoopback(internet: PublicInternet): PublicInternet {
  const [mayAsk, isPublic] = [internet.mayAsk.bind(internet), internet.isPublic.bind(internet)];
  jest.spyOn(internet, 'mayAsk').mockImplementation((url) => mayAsk(Object.assign(new URL(url.href), { port: '' })));
  jest.spyOn(internet, 'isPublic').mockImplementation((address) => address === '127.0.0.1' || isPublic(address));
  jest.spyOn(internet, 'addressesOf').mockImplementation((host) => Promise.resolve([...(ADDRESSES[host] ?? [])]));
  return internet;
}

export const aPage = (title: string, description = ''): string =>
  `<!doctype html><title>${title}</title><meta name="description" content="${description}">`;
