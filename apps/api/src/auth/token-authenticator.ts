import { Injectable } from '@nestjs/common';
import { Agents } from '../agents/index.js';
import type { Authenticator } from '../platform/authenticator.js';
import type { Caller } from '../platform/caller.js';
import { Refusal } from '../platform/errors/refusal.js';
import { tokenKind } from '../platform/secret-token.js';
import { AccessJwt } from './sessions/access-jwt.js';
import { Sessions } from './sessions/sessions.service.js';

/**
 * Knows callers by their bearer token: people by an access token of a live session, agents by their own. It asks the database
 * each time, by primary key or unique hash, so that a token is refused from the moment on in which it was revoked.
 */
@Injectable()
export class TokenAuthenticator implements Authenticator {
  constructor(
    private readonly jwt: AccessJwt,
    private readonly sessions: Sessions,
    private readonly agents: Agents,
  ) {}

  async authenticate(token: string): Promise<Caller> {
    const caller = await this.identify(token);
    if (!caller) {
      throw new Refusal('unauthenticated', 'This token is not valid, or not any more');
    }
    return caller;
  }

  private async identify(token: string): Promise<Caller | null> {
    switch (tokenKind(token)) {
      case 'cta':
        return this.agents.identify(token);
      case 'ctp':
        throw new Refusal('unauthenticated', 'A personal access token is good for git only');
      case null: {
        const claims = await this.jwt.verify(token);
        return claims && this.sessions.caller(claims.userId, claims.sessionId);
      }
    }
  }
}
