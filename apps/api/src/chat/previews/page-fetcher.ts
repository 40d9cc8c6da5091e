import http, { type IncomingMessage, type RequestOptions } from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import { Injectable } from '@nestjs/common';
import { type Limiter, RateLimits } from '../../platform/rate-limits.js';
import { decodedPage } from '../domain/page-text.js';
import { PublicInternet } from './public-internet.js';

/** For everything together: names, redirects and the page. */
const MAX_MS = 3000;
const MAX_REDIRECTS = 3;
/** More than the head of any page; the rest is not read. */
const MAX_BYTES = 256 * 1024;
const PER_HOST = { points: 30, seconds: 60 };
const HEADERS = {
  'user-agent': 'ClawTank link preview',
  accept: 'text/html',
  // What is not compressed cannot swell.
  'accept-encoding': 'identity',
};

/** A page as its server sent it, and the address that it came from in the end. */
export interface Page {
  readonly url: URL;
  readonly html: string;
}

/**
 * Fetches pages that strangers named, from servers that strangers run. Every address on the way, redirects included, is checked
 * by its numbers, and the connection goes to the very number that was checked: a name that means something else a moment later
 * gains nothing. Nothing is sent that would tell who asks.
 */
@Injectable()
export class PageFetcher {
  private readonly perHost: Limiter;

  constructor(
    private readonly internet: PublicInternet,
    limits: RateLimits,
  ) {
    this.perHost = limits.named('preview-host', PER_HOST);
  }

  /** The page, or null if there is none that may be had. */
  async fetch(address: string): Promise<Page | null> {
    const signal = AbortSignal.timeout(MAX_MS);
    let url = new URL(address);
    for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
      const answer = await this.ask(url, signal);
      if (!answer) {
        return null;
      }
      const next = redirectOf(answer, url);
      if (!next) {
        const html = await textOf(answer);
        return html === null ? null : { url, html };
      }
      answer.destroy();
      url = next;
    }
    return null;
  }

  /** What the server at this address answers; null if it may not be asked or does not answer. */
  private async ask(url: URL, signal: AbortSignal): Promise<IncomingMessage | null> {
    if (!this.internet.mayAsk(url) || !(await this.perHost.allows(url.hostname))) {
      return null;
    }
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const addresses = isIP(host) ? [host] : await this.internet.addressesOf(host, signal);
    const [address] = addresses;
    if (address === undefined || !addresses.every((one) => this.internet.isPublic(one))) {
      return null;
    }
    return new Promise((resolve) => {
      (url.protocol === 'https:' ? https : http)
        .get(url, { agent: false, headers: HEADERS, lookup: only(address), signal })
        .on('response', resolve)
        .on('error', () => resolve(null)); // a stranger's server may fail in every way there is
    });
  }
}

/** A look-up that knows one address. */
function only(address: string): NonNullable<RequestOptions['lookup']> {
  const family = isIP(address);
  return (_host, { all }, answer) => (all ? answer(null, [{ address, family }]) : answer(null, address, family));
}

function redirectOf({ statusCode, headers: { location } }: IncomingMessage, from: URL): URL | null {
  return [301, 302, 303, 307, 308].includes(statusCode ?? 0) ? URL.parse(location ?? '', from.href) : null;
}

/** The beginning of an answer that is a page; null for anything else. */
async function textOf(answer: IncomingMessage): Promise<string | null> {
  const type = answer.headers['content-type'] ?? '';
  const isPage = answer.statusCode === 200 && /^\s*text\/html\s*(?:;|$)/i.test(type);
  if (!isPage || (answer.headers['content-encoding'] ?? 'identity') !== 'identity') {
    answer.destroy();
    return null;
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= MAX_BYTES) {
        break;
      }
    }
  } catch {
    return null; // it was cut off, or took too long
  }
  return decodedPage(Buffer.concat(chunks).subarray(0, MAX_BYTES), type);
}
