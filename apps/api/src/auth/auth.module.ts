import { createSecretKey } from 'node:crypto';
import { Global, Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AgentsModule } from '../agents/index.js';
import { AUTHENTICATOR } from '../platform/authenticator.js';
import { SETTINGS, type Settings } from '../platform/config/settings.js';
import { UsersModule } from '../users/index.js';
import { AccountsController } from './accounts/accounts.controller.js';
import { Accounts } from './accounts/accounts.service.js';
import { AuthController } from './auth.controller.js';
import { GitCredentials } from './git-credentials.js';
import { OAuthAttempts } from './oauth/oauth-attempts.js';
import { OAuthController } from './oauth/oauth.controller.js';
import { OAuthProviders } from './oauth/oauth-providers.js';
import { OAuthSignIn } from './oauth/oauth-sign-in.service.js';
import { Passwords } from './passwords.js';
import { AccessTokenEntity } from './personal-tokens/access-token.entity.js';
import { PersonalTokensController } from './personal-tokens/personal-tokens.controller.js';
import { PersonalTokens } from './personal-tokens/personal-tokens.service.js';
import { RefreshCookie } from './refresh-cookie.js';
import { Registration } from './registration.service.js';
import { AccessJwt } from './sessions/access-jwt.js';
import { RefreshTokens } from './sessions/refresh-tokens.js';
import { RefreshTokenEntity, SessionEntity } from './sessions/session.entity.js';
import { Sessions } from './sessions/sessions.service.js';
import { SweepSessions } from './sessions/sweep-sessions.jobs.js';
import { SetupLink } from './setup-link.js';
import { SignIn } from './sign-in.service.js';
import { TokenAuthenticator } from './token-authenticator.js';

/** Global, because every edge asks its authenticator. */
@Global()
@Module({
  imports: [
    UsersModule,
    AgentsModule,
    JwtModule.registerAsync({
      inject: [SETTINGS],
      // Made into a key once: from text it would be at every token.
      useFactory: ({ jwtSecret }: Settings) => ({ secret: createSecretKey(Buffer.from(jwtSecret)) }),
    }),
    TypeOrmModule.forFeature([SessionEntity, RefreshTokenEntity, AccessTokenEntity]),
  ],
  controllers: [AuthController, OAuthController, PersonalTokensController, AccountsController],
  providers: [
    Accounts,
    AccessJwt,
    GitCredentials,
    OAuthAttempts,
    OAuthProviders,
    OAuthSignIn,
    Passwords,
    PersonalTokens,
    RefreshCookie,
    RefreshTokens,
    Registration,
    Sessions,
    SetupLink,
    SignIn,
    SweepSessions,
    { provide: AUTHENTICATOR, useClass: TokenAuthenticator },
  ],
  exports: [AUTHENTICATOR, Accounts, GitCredentials, SetupLink],
})
export class AuthModule {}
