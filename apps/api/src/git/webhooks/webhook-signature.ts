import { isUtf8 } from 'node:buffer';
import { createHash, timingSafeEqual } from 'node:crypto';
import { verify } from '@octokit/webhooks-methods';
import type { GitProvider } from '../domain/normalise.js';
import { headerOf, type WebhookRequest } from './webhook-request.js';

/** Whether the holder of `secret` sent this, checked in the way of `provider` and in constant time. */
export async function isSignedBy(request: WebhookRequest, provider: GitProvider, secret: string): Promise<boolean> {
  if (provider === 'gitlab') {
    const token = headerOf(request, 'x-gitlab-token');
    return token !== undefined && timingSafeEqual(digest(token), digest(secret));
  }
  const signature = headerOf(request, 'x-hub-signature-256');
  // The library signs text. Only of UTF-8 is the text the bytes, and nothing else can be JSON.
  return signature !== undefined && request.body.length > 0 && isUtf8(request.body)
    ? verify(secret, request.body.toString('utf8'), signature)
    : false;
}

/** Secrets of any length compared as digests of one length. */
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
