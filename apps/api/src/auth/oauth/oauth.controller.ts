import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiFoundResponse, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { asRefusal } from '../../platform/errors/problem.filter.js';
import { notFound, Refusal } from '../../platform/errors/refusal.js';
import { ForAnyone } from '../../platform/http/caller.guard.js';
import type { ProviderName } from '../../users/index.js';
import { clientOf } from '../client.js';
import { returnPath, withError } from '../domain/return-path.js';
import { RefreshCookie } from '../refresh-cookie.js';
import { Sessions } from '../sessions/sessions.service.js';
import { type Intent, OAuthAttempts } from './oauth-attempts.js';
import { OAuthProviders } from './oauth-providers.js';
import { OAuthSignIn } from './oauth-sign-in.service.js';

const SIGN_IN_PAGE = '/sign-in';

/**
 * The way to a provider and back. Browsers come here themselves, so every answer is a redirect; a failure is told to the page
 * as `?error=<code>`. With `?link=true` a signed-in person adds the provider to their account.
 */
@ApiTags('auth')
@ForAnyone()
@Controller('auth')
export class OAuthController {
  constructor(
    private readonly providers: OAuthProviders,
    private readonly attempts: OAuthAttempts,
    private readonly oauth: OAuthSignIn,
    private readonly sessions: Sessions,
    private readonly cookie: RefreshCookie,
  ) {}

  @Get('github')
  @ApiQuery({ name: 'returnTo', required: false })
  @ApiQuery({ name: 'link', required: false })
  @ApiFoundResponse({ description: 'To the provider.' })
  github(@Req() request: Request, @Res() response: Response): Promise<void> {
    return this.setOut('github', request, response);
  }

  @Get('github/callback')
  @ApiFoundResponse({ description: 'Back to the page that asked.' })
  githubCallback(@Req() request: Request, @Res() response: Response): Promise<void> {
    return this.comeBack('github', request, response);
  }

  @Get('gitlab')
  @ApiQuery({ name: 'returnTo', required: false })
  @ApiQuery({ name: 'link', required: false })
  @ApiFoundResponse({ description: 'To the provider.' })
  gitlab(@Req() request: Request, @Res() response: Response): Promise<void> {
    return this.setOut('gitlab', request, response);
  }

  @Get('gitlab/callback')
  @ApiFoundResponse({ description: 'Back to the page that asked.' })
  gitlabCallback(@Req() request: Request, @Res() response: Response): Promise<void> {
    return this.comeBack('gitlab', request, response);
  }

  private async setOut(provider: ProviderName, request: Request, response: Response): Promise<void> {
    this.requireConfigured(provider);
    const { returnTo, link, ...others } = request.query;
    if ('code' in others || 'error' in others) {
      throw notFound('page'); // an answer belongs to the callback; Passport would take it here too
    }
    const intent: Intent = { returnTo: returnPath(returnTo) };
    if (link !== 'true') {
      return this.providers.redirect(provider, request, response, intent);
    }
    const person = await this.signedIn(request);
    if (!person) {
      return response.redirect(withError(SIGN_IN_PAGE, 'unauthenticated'));
    }
    return this.providers.redirect(provider, request, response, { ...intent, link: person });
  }

  private async comeBack(provider: ProviderName, request: Request, response: Response): Promise<void> {
    this.requireConfigured(provider);
    const intent = this.attempts.intentOf(request, provider);
    this.attempts.end(response, provider);
    try {
      const identity = await this.providers.identify(provider, request, response);
      if (!intent) {
        throw new Refusal('sign_in_failed', 'This sign-in was not started in this browser');
      }
      if (intent.link) {
        await this.oauth.link(identity, intent.link);
      } else {
        const { refreshToken } = await this.oauth.enter(identity, clientOf(request));
        this.cookie.set(response, refreshToken);
      }
      response.redirect(intent.returnTo);
    } catch (error) {
      const { refusal, isBug } = asRefusal(error);
      if (isBug) {
        throw error;
      }
      response.redirect(withError(intent?.link ? intent.returnTo : SIGN_IN_PAGE, refusal.code));
    }
  }

  /** Whose refresh cookie came along. Being `SameSite=Strict`, it does so only from a page of this site. */
  private async signedIn(request: Request): Promise<Intent['link']> {
    const token = this.cookie.read(request);
    const person = token === undefined ? null : await this.sessions.peek(token);
    return person?.sessionId ? { userId: person.userId, sessionId: person.sessionId } : undefined;
  }

  private requireConfigured(provider: ProviderName): void {
    if (!this.providers.has(provider)) {
      throw notFound('page');
    }
  }
}
