import { Account, Login, Register, SignedIn, SignInOptions } from '@clawtank/contracts';
import { Body, Controller, Get, Header, Inject, Post, Req, Res, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import type { Caller, HumanCaller } from '../platform/caller.js';
import { SETTINGS, type Settings } from '../platform/config/settings.js';
import { Refusal } from '../platform/errors/refusal.js';
import { Answers, AnswersNothing } from '../platform/http/answers.js';
import { CurrentCaller, ForAnyone, ForPeople } from '../platform/http/caller.guard.js';
import { type Limiter, RateLimits } from '../platform/rate-limits.js';
import { Users } from '../users/index.js';
import { presentAccount } from './account.presenter.js';
import { type Client, CurrentClient } from './client.js';
import { clientNetwork } from './domain/client-network.js';
import { OAuthProviders } from './oauth/oauth-providers.js';
import { RefreshCookie } from './refresh-cookie.js';
import { Registration } from './registration.service.js';
import { SameOriginGuard } from './same-origin.guard.js';
import { AccessJwt } from './sessions/access-jwt.js';
import { type OpenSession, Sessions } from './sessions/sessions.service.js';
import { SetupLink } from './setup-link.js';
import { SignIn } from './sign-in.service.js';

const REFRESHES = { points: 120, seconds: 60 };

@ApiTags('auth')
@Controller('auth')
export class AuthController {
  private readonly refreshes: Limiter;

  constructor(
    private readonly registration: Registration,
    private readonly signIn: SignIn,
    private readonly sessions: Sessions,
    private readonly jwt: AccessJwt,
    private readonly cookie: RefreshCookie,
    private readonly users: Users,
    private readonly setupLink: SetupLink,
    private readonly providers: OAuthProviders,
    @Inject(SETTINGS) private readonly settings: Settings,
    limits: RateLimits,
  ) {
    this.refreshes = limits.named('refresh-address', REFRESHES);
  }

  @Get('options')
  @ForAnyone()
  @Answers(SignInOptions)
  async options(): Promise<SignInOptions> {
    return {
      registration: this.settings.registration,
      awaitingSetup: await this.setupLink.isPending(),
      providers: [...this.providers.names],
    };
  }

  @Post('register')
  @ForAnyone()
  @Header('Cache-Control', 'no-store')
  @Answers(SignedIn, 201)
  async register(
    @Body({ schema: Register }) request: Register,
    @CurrentClient() client: Client,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SignedIn> {
    return this.answer(response, await this.registration.register(request, client));
  }

  @Post('login')
  @ForAnyone()
  @Header('Cache-Control', 'no-store')
  @Answers(SignedIn)
  async login(
    @Body({ schema: Login }) request: Login,
    @CurrentClient() client: Client,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SignedIn> {
    return this.answer(response, await this.signIn.signIn(request, client));
  }

  /** Exchanges the refresh cookie for its successor and a new access token. Without a cookie nobody is signed in, which is no error. */
  @Post('refresh')
  @ForAnyone()
  @UseGuards(SameOriginGuard)
  @Header('Cache-Control', 'no-store')
  @Answers(SignedIn)
  @ApiResponse({ status: 204, description: 'Nobody is signed in.' })
  async refresh(
    @CurrentClient() { address }: Client,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SignedIn | undefined> {
    await this.refreshes.consume(clientNetwork(address));
    const token = this.cookie.read(request);
    if (token === undefined) {
      response.status(204);
      return undefined;
    }
    try {
      return await this.answer(response, await this.sessions.refresh(token));
    } catch (error) {
      if (error instanceof Refusal) {
        this.cookie.clear(response);
      }
      throw error;
    }
  }

  /** Ends the session of the cookie, and of the access token that came along. */
  @Post('logout')
  @ForAnyone()
  @UseGuards(SameOriginGuard)
  @ApiBearerAuth()
  @AnswersNothing()
  async logout(
    @CurrentCaller() caller: Caller | null,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    const token = this.cookie.read(request);
    if (token !== undefined) {
      await this.sessions.endByRefreshToken(token);
    }
    if (caller?.type === 'human' && caller.sessionId !== undefined) {
      await this.sessions.end(caller.sessionId);
    }
    this.cookie.clear(response);
  }

  @Get('me')
  @ForPeople()
  @ApiBearerAuth()
  @Answers(Account)
  async me(@CurrentCaller() { userId }: HumanCaller): Promise<Account> {
    const user = await this.users.find(userId);
    if (!user) {
      throw new Refusal('unauthenticated', 'This account was closed');
    }
    return presentAccount(user);
  }

  private async answer(response: Response, { sessionId, userId, refreshToken }: OpenSession): Promise<SignedIn> {
    const user = await this.users.find(userId);
    if (!user) {
      throw new Refusal('refresh_invalid', 'This account was closed');
    }
    const { accessToken, expiresAt } = await this.jwt.sign(user, sessionId);
    this.cookie.set(response, refreshToken);
    return { accessToken, expiresAt: expiresAt.toISOString(), account: presentAccount(user) };
  }
}
