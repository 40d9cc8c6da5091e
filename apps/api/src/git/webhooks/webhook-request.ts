import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { GitProvider } from '../domain/normalise.js';
import { parseStorableJson } from '../domain/storable-json.js';

/** A request to a hook, as it came over the wire: nothing of it is believed before its signature is. */
export interface WebhookRequest {
  readonly headers: IncomingHttpHeaders;
  /** The bytes that the signature covers. */
  readonly body: Buffer;
  readonly address: string;
}

const FORM = 'application/x-www-form-urlencoded';
const MAX_DELIVERY_ID = 255;
const MAX_EVENT = 100;

/**
 * Where each provider says which delivery this is. GitLab's `Idempotency-Key` stays the same when it tries again; its event
 * UUID, all there is before 17.4, is shared by deliveries that cause one another.
 */
const DELIVERY_HEADERS: { readonly [Provider in GitProvider]: readonly string[] } = {
  clawtank: ['x-clawtank-delivery'],
  github: ['x-github-delivery'],
  gitlab: ['idempotency-key', 'x-gitlab-event-uuid'],
};

const EVENT_HEADERS: { readonly [Provider in GitProvider]: string } = {
  clawtank: 'x-clawtank-event',
  github: 'x-github-event',
  gitlab: 'x-gitlab-event',
};

/** A header's one value; sent several times, it counts as missing. */
export function headerOf({ headers }: WebhookRequest, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The provider's id of the delivery. Without a usable one, the content stands for it: the same content twice is a repeat. */
export function deliveryIdOf(request: WebhookRequest, provider: GitProvider): string {
  const named = DELIVERY_HEADERS[provider].map((name) => headerOf(request, name)).find((id) => id !== undefined);
  return named !== undefined && named.length <= MAX_DELIVERY_ID
    ? named
    : `sha256:${createHash('sha256').update(request.body).digest('hex')}`;
}

export const eventOf = (request: WebhookRequest, provider: GitProvider): string =>
  (headerOf(request, EVENT_HEADERS[provider]) ?? 'unknown').slice(0, MAX_EVENT);

/** The payload: JSON, or a form with the JSON in its field `payload`. Throws a SyntaxError for anything else. */
export function payloadOf(request: WebhookRequest): unknown {
  const text = request.body.toString('utf8');
  const isForm = headerOf(request, 'content-type')?.split(';', 1)[0]?.trim().toLowerCase() === FORM;
  return parseStorableJson(isForm ? (new URLSearchParams(text).get('payload') ?? '') : text);
}
