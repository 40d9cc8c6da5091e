import type { IncomingHttpHeaders } from 'node:http';
import { deliveryIdOf, eventOf, payloadOf, type WebhookRequest } from './webhook-request.js';

const aRequest = (headers: IncomingHttpHeaders, body = '{}'): WebhookRequest => ({
  headers,
  body: Buffer.from(body),
  address: '127.0.0.1',
});

describe('a webhook request', () => {
  it('is told apart by the id its provider gives it', () => {
    expect(deliveryIdOf(aRequest({ 'x-github-delivery': 'a' }), 'github')).toBe('a');
    expect(deliveryIdOf(aRequest({ 'x-clawtank-delivery': 'b' }), 'clawtank')).toBe('b');
    expect(deliveryIdOf(aRequest({ 'x-gitlab-event-uuid': 'c' }), 'gitlab')).toBe('c');
    expect(deliveryIdOf(aRequest({ 'x-gitlab-event-uuid': 'c', 'idempotency-key': 'd' }), 'gitlab')).toBe('d');
  });

  it.each([
    ['has none', {}],
    ['has one of another provider', { 'x-gitlab-event-uuid': 'c' }],
    ['has one that is too long', { 'x-github-delivery': 'x'.repeat(256) }],
  ])('is told apart by its content if it %s', (_what, headers) => {
    const [first, again, other] = ['{"a":1}', '{"a":1}', '{"a":2}'].map((body) =>
      deliveryIdOf(aRequest(headers, body), 'github'),
    );
    expect(first).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });

  it('says its event, if its provider does', () => {
    expect(eventOf(aRequest({ 'x-github-event': 'push' }), 'github')).toBe('push');
    expect(eventOf(aRequest({ 'x-github-event': 'push' }), 'clawtank')).toBe('unknown');
  });

  it.each([
    ['application/json', '{"a":1}'],
    ['application/x-www-form-urlencoded; charset=utf-8', 'payload=%7B%22a%22%3A+1%7D'],
  ])('is read as %s', (type, body) => {
    expect(payloadOf(aRequest({ 'content-type': type }, body))).toEqual({ a: 1 });
  });

  it('that is a form without a payload is not JSON', () => {
    expect(() => payloadOf(aRequest({ 'content-type': 'application/x-www-form-urlencoded' }, 'a=1'))).toThrow(
      SyntaxError,
    );
  });
});
