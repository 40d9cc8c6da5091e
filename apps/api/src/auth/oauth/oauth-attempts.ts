import { randomBytes, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { CookieOptions, Request, Response } from 'express';
import * as z from 'zod';
import { Clock } from '../../platform/clock.js';
import { SETTINGS, type Settings } from '../../platform/config/settings.js';
import { SecretBox } from '../../platform/secret-box.js';
import type { ProviderName } from '../../users/index.js';

const LIFETIME_MS = 10 * 60_000;
const STATE_BYTES = 24;

const Intent = z.object({
  /** Where the browser goes afterwards; a path of this site. */
  returnTo: z.string(),
  /** Set if somebody who is signed in adds a provider to their account, and by which session they asked. */
  link: z.object({ userId: z.uuid(), sessionId: z.uuid() }).optional(),
});
export type Intent = z.infer<typeof Intent>;

const Attempt = z.object({
  state: z.string().min(1),
  verifier: z.string().min(1),
  intent: Intent,
  expiresAt: z.number(),
});
type Attempt = z.infer<typeof Attempt>;

/**
 * What has to survive the way to a provider and back, in an encrypted cookie of the browser that set out: the state by which
 * the answer is known to be this browser's, and the secret of PKCE. No other browser, and no link somebody sends, can finish it.
 */
@Injectable()
export class OAuthAttempts {
  private readonly secure: boolean;

  constructor(
    private readonly box: SecretBox,
    private readonly clock: Clock,
    @Inject(SETTINGS) { publicUrl }: Settings,
  ) {
    this.secure = publicUrl.startsWith('https:');
  }

  /** Keeps an attempt that starts now and returns its state. */
  begin(response: Response, provider: ProviderName, verifier: string, intent: Intent): string {
    const state = randomBytes(STATE_BYTES).toString('base64url');
    const attempt: Attempt = { state, verifier, intent, expiresAt: this.clock.now().getTime() + LIFETIME_MS };
    response.cookie(cookieName(provider), this.box.seal(JSON.stringify(attempt), purpose(provider)), {
      ...this.cookieOptions(provider),
      maxAge: LIFETIME_MS,
    });
    return state;
  }

  /** The secret of PKCE, if `state` is the one that this browser set out with. */
  verifierFor(request: Request, provider: ProviderName, state: unknown): string | null {
    const attempt = this.recall(request, provider);
    return attempt && typeof state === 'string' && isSame(attempt.state, state) ? attempt.verifier : null;
  }

  /** What this browser set out to do. */
  intentOf(request: Request, provider: ProviderName): Intent | null {
    return this.recall(request, provider)?.intent ?? null;
  }

  end(response: Response, provider: ProviderName): void {
    response.clearCookie(cookieName(provider), this.cookieOptions(provider));
  }

  private recall({ cookies }: Request, provider: ProviderName): Attempt | null {
    const sealed = (cookies as Record<string, unknown>)[cookieName(provider)];
    if (typeof sealed !== 'string') {
      return null;
    }
    try {
      const attempt = Attempt.parse(JSON.parse(this.box.open(sealed, purpose(provider))));
      return attempt.expiresAt > this.clock.now().getTime() ? attempt : null;
    } catch {
      return null; // not sealed by this server, or for another provider
    }
  }

  /** `lax`, because the way back starts at the provider's site. */
  private cookieOptions(provider: ProviderName): CookieOptions {
    return { httpOnly: true, sameSite: 'lax', secure: this.secure, path: `/api/auth/${provider}` };
  }
}

const cookieName = (provider: ProviderName): string => `clawtank_${provider}`;
const purpose = (provider: ProviderName): string => `oauth-attempt:${provider}`;

function isSame(expected: string, given: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}
