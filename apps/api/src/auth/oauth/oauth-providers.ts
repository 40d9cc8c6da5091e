import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Request, Response } from 'express';
import passport from 'passport';
import { Strategy as GitHubStrategy } from 'passport-github2';
import { type Profile as GitLabProfile, Strategy as GitLabStrategy } from 'passport-gitlab2';
import type OAuth2Strategy from 'passport-oauth2';
import * as z from 'zod';
import { type OAuthSettings, SETTINGS, type Settings } from '../../platform/config/settings.js';
import { Refusal } from '../../platform/errors/refusal.js';
import type { ProviderName } from '../../users/index.js';
import { type Intent, OAuthAttempts } from './oauth-attempts.js';

const PROVIDER_PATIENCE_MS = 15_000;

const Identity = z.object({
  provider: z.enum(['github', 'gitlab']),
  /** The account's number there: names change hands, numbers do not. */
  accountId: z.string().regex(/^[1-9]\d{0,17}$/),
  username: z.string().min(1).max(255),
  avatarUrl: z
    .url({ protocol: /^https$/ })
    .max(500)
    .nullable()
    .catch(null),
});
/** Who somebody is at a provider. */
export type ProviderIdentity = z.infer<typeof Identity>;

type Verify = OAuth2Strategy.VerifyCallback;

/** The providers that this server is configured for, spoken to through Passport with state and PKCE. Their tokens are not kept. */
@Injectable()
export class OAuthProviders {
  private readonly logger = new Logger(OAuthProviders.name);
  // An instance of our own: strategies registered with Passport's global one would be shared by all servers of a process.
  private readonly passport = new passport.Passport();
  private readonly intents = new WeakMap<Request, Intent>();
  readonly names: readonly ProviderName[];

  constructor(
    private readonly attempts: OAuthAttempts,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {
    const { github, gitlab } = settings;
    if (github) {
      this.passport.use('github', this.githubStrategy(github));
    }
    if (gitlab) {
      this.passport.use('gitlab', this.gitlabStrategy(gitlab));
    }
    this.names = [...(github ? (['github'] as const) : []), ...(gitlab ? (['gitlab'] as const) : [])];
  }

  has(provider: ProviderName): boolean {
    return this.names.includes(provider);
  }

  /** Sends the browser to the provider. */
  async redirect(provider: ProviderName, request: Request, response: Response, intent: Intent): Promise<void> {
    this.intents.set(request, intent);
    await this.run(provider, request, response);
  }

  /** Who came back from the provider, if it is the browser that set out; refuses with `sign_in_failed` otherwise. */
  async identify(provider: ProviderName, request: Request, response: Response): Promise<ProviderIdentity> {
    const identity = await this.run(provider, request, response).catch((error: unknown) => {
      if (!(error instanceof Refusal)) {
        this.logger.warn(`${provider}: ${error instanceof Error ? error.message : String(error)}`);
      }
      return null;
    });
    if (!identity) {
      throw new Refusal('sign_in_failed', `Signing in with ${provider} did not work`);
    }
    return identity;
  }

  /** Passport's middleware as a promise: the identity, or null once it has redirected the browser or turned it down. */
  private run(provider: ProviderName, request: Request, response: Response): Promise<ProviderIdentity | null> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('no answer in time')), PROVIDER_PATIENCE_MS);
      response.once('close', () => {
        clearTimeout(timer);
        resolve(null);
      });
      const settle = (error: Error | null, identity: ProviderIdentity | false) => {
        clearTimeout(timer);
        if (error) {
          reject(error);
        } else {
          resolve(identity || null);
        }
      };
      const middleware = this.passport.authenticate(provider, { session: false }, settle) as (
        request: Request,
        response: Response,
        next: (error?: unknown) => void,
      ) => void;
      middleware(request, response, reject);
    });
  }

  private githubStrategy({ clientId, clientSecret, baseUrl, apiUrl }: OAuthSettings): GitHubStrategy {
    return new GitHubStrategy(
      {
        clientID: clientId,
        clientSecret,
        callbackURL: this.callbackUrl('github'),
        authorizationURL: `${baseUrl}/login/oauth/authorize`,
        tokenURL: `${baseUrl}/login/oauth/access_token`,
        userProfileURL: `${apiUrl}/user`,
        scope: ['read:user'],
        userAgent: 'ClawTank',
        store: this.stateStore('github'),
        pkce: true,
      },
      (_accessToken: string, _refreshToken: string, profile: passport.Profile, done: Verify) =>
        verify(done, {
          provider: 'github',
          accountId: profile.id,
          username: profile.username,
          avatarUrl: profile.photos?.[0]?.value,
        }),
    );
  }

  private gitlabStrategy({ clientId, clientSecret, baseUrl, apiUrl }: OAuthSettings): GitLabStrategy {
    return new GitLabStrategy(
      {
        clientID: clientId,
        clientSecret,
        callbackURL: this.callbackUrl('gitlab'),
        authorizationURL: `${baseUrl}/oauth/authorize`,
        tokenURL: `${baseUrl}/oauth/token`,
        profileURL: `${apiUrl}/api/v4/user`,
        scope: 'read_user',
        store: this.stateStore('gitlab'),
        pkce: true,
      },
      (_accessToken: string, _refreshToken: string, profile: GitLabProfile, done: Verify) =>
        verify(done, {
          provider: 'gitlab',
          accountId: profile.id,
          username: profile.username,
          avatarUrl: profile.avatarUrl,
        }),
    );
  }

  /** passport-oauth2 chooses how to call a store by its functions' number of parameters; the types know only the ways without PKCE. */
  private stateStore(provider: ProviderName): OAuth2Strategy.StateStore {
    const store = {
      store: (
        request: Request,
        verifier: string,
        _state: unknown,
        _meta: unknown,
        done: (error: null, state: string) => void,
      ) => {
        const intent = this.intents.get(request) ?? { returnTo: '/' };
        done(null, this.attempts.begin(request.res!, provider, verifier, intent));
      },
      verify: (request: Request, state: unknown, _meta: unknown, done: (error: null, ok: string | false) => void) =>
        done(null, this.attempts.verifierFor(request, provider, state) ?? false),
    };
    return store as unknown as OAuth2Strategy.StateStore;
  }

  private callbackUrl(provider: ProviderName): string {
    return `${this.settings.publicUrl}/api/auth/${provider}/callback`;
  }
}

function verify(done: Verify, claimed: { [Field in keyof ProviderIdentity]: unknown }): void {
  const { success, data, error } = Identity.safeParse(claimed);
  if (success) {
    done(null, data);
  } else {
    done(new Error(`an account that cannot be used: ${error.issues.map(({ path }) => path.join('.')).join(', ')}`));
  }
}
