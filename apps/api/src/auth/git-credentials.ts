import { Injectable } from '@nestjs/common';
import { Agents } from '../agents/index.js';
import type { Caller } from '../platform/caller.js';
import { Refusal } from '../platform/errors/refusal.js';
import { tokenKind } from '../platform/secret-token.js';
import { PersonalTokens } from './personal-tokens/personal-tokens.service.js';

/** Knows who is behind the password of a git client: an agent's token or a personal access token, whatever the user name. */
@Injectable()
export class GitCredentials {
  constructor(
    private readonly agents: Agents,
    private readonly tokens: PersonalTokens,
  ) {}

  async authenticate(password: string): Promise<Caller> {
    const kind = tokenKind(password);
    const caller = kind && (await (kind === 'cta' ? this.agents : this.tokens).identify(password));
    if (!caller) {
      throw new Refusal('unauthenticated', 'Use an agent token or a personal access token as the password');
    }
    return caller;
  }
}
