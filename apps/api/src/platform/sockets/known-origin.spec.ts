import type { IncomingMessage } from 'node:http';
import type { Settings } from '../config/settings.js';
import { isKnownOrigin } from './socket.adapter.js';

const settings = {
  publicUrl: 'https://tank.example.com',
  allowedOrigins: ['https://partner.example'],
} as unknown as Settings;
const isKnown = (origin: string | undefined, host = 'localhost:3000'): boolean =>
  isKnownOrigin({ headers: { host, ...(origin !== undefined && { origin }) } } as IncomingMessage, settings);

describe('where a socket may be opened from', () => {
  it.each([
    ['a program, which has no origin', undefined],
    ['a page of the host that is asked', 'http://localhost:3000'],
    ['a page of the public address', 'https://tank.example.com'],
    ['the public address with its port written out', 'https://tank.example.com:443'],
    ['a page that the settings allow', 'https://partner.example'],
  ])('from %s', (_, origin) => {
    expect(isKnown(origin)).toBe(true);
  });

  it.each([
    ['another site', 'https://evil.example'],
    ['a longer name that begins alike', 'https://tank.example.com.evil.example'],
    ['a longer name that ends alike', 'https://eviltank.example.com'],
    ['a subdomain', 'https://evil.tank.example.com'],
    ['the name as user information', 'https://tank.example.com@evil.example'],
    ['another port', 'http://localhost:4000'],
    ['another port of an allowed page', 'https://partner.example:8443'],
    ['an allowed page without encryption', 'http://partner.example'],
    ['a sandboxed page', 'null'],
    ['nothing', ''],
    ['garbage', '::not an origin::'],
    ['a file', 'file://'],
    ['an application’s own scheme', 'evil://tank'],
    ['several at once', 'https://tank.example.com, https://evil.example'],
  ])('not from %s', (_, origin) => {
    expect(isKnown(origin)).toBe(false);
  });

  it('not by a name that the request merely claims to ask for in part', () => {
    expect(isKnown('https://evil.example', 'evil.example.tank.example.com')).toBe(false);
  });
});
