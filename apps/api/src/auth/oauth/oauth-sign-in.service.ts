import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { UnitOfWork, type Work } from '../../platform/database/unit-of-work.js';
import { Refusal } from '../../platform/errors/refusal.js';
import { type ProviderName, UserEntity, Users, violatedConstraint } from '../../users/index.js';
import type { Client } from '../client.js';
import { handleCandidates } from '../domain/handle-candidates.js';
import { Registration } from '../registration.service.js';
import { type OpenSession, Sessions } from '../sessions/sessions.service.js';
import { SignIn } from '../sign-in.service.js';
import type { ProviderIdentity } from './oauth-providers.js';

const COLUMN = { github: 'githubId', gitlab: 'gitlabId' } as const satisfies Record<ProviderName, keyof UserEntity>;

/** Signs people in by who they are at a provider, making an account the first time, and adds providers to accounts. */
@Injectable()
export class OAuthSignIn {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly users: Users,
    private readonly registration: Registration,
    private readonly signIn: SignIn,
    private readonly sessions: Sessions,
  ) {}

  async enter(identity: ProviderIdentity, client: Client): Promise<OpenSession> {
    const known = await this.users.findByProvider(identity.provider, identity.accountId);
    if (known) {
      return this.signIn.open(known.id, client.userAgent);
    }
    this.registration.requireOpen();
    await this.registration.limit(client);
    const opened = await this.unitOfWork.run(async (work) => {
      const user = await this.make(work, identity);
      return user && this.sessions.open(work, user, client.userAgent);
    });
    return opened ?? this.enter(identity, client);
  }

  /** Adds a provider to the account of somebody who is signed in. One account here, one account there. */
  async link(identity: ProviderIdentity, asked: { userId: string; sessionId: string }): Promise<void> {
    const caller = await this.sessions.caller(asked.userId, asked.sessionId);
    if (!caller) {
      throw new Refusal('unauthenticated', 'You signed out meanwhile');
    }
    const column = COLUMN[identity.provider];
    await this.unitOfWork.run(async ({ manager }) => {
      const user = await manager.findOneOrFail(UserEntity, {
        where: { id: caller.userId },
        lock: { mode: 'pessimistic_write' },
      });
      if (user[column] !== null && user[column] !== identity.accountId) {
        throw new Refusal('provider_taken', `Your account is linked with another account of ${identity.provider}`);
      }
      await this.setProvider(manager, user.id, identity);
    });
  }

  private async setProvider(
    manager: EntityManager,
    id: string,
    { provider, accountId }: ProviderIdentity,
  ): Promise<void> {
    await manager.update(UserEntity, { id }, { [COLUMN[provider]]: accountId }).catch((error: unknown) => {
      throw violatedConstraint(error)
        ? new Refusal('provider_taken', `Somebody else here uses this account of ${provider}`)
        : error;
    });
  }

  /** A new account under the first free name; null if another request made this person's account meanwhile. */
  private async make({ manager, now }: Work, identity: ProviderIdentity): Promise<{ id: string } | null> {
    for (const username of handleCandidates(identity.username)) {
      const inserted = await manager
        .createQueryBuilder()
        .insert()
        .into(UserEntity)
        .values({
          username,
          [COLUMN[identity.provider]]: identity.accountId,
          avatarUrl: identity.avatarUrl,
          createdAt: now,
        })
        .orIgnore()
        .returning('id')
        .execute();
      const [user] = inserted.raw as { id: string }[];
      if (user) {
        return user;
      }
      if (await this.users.findByProvider(identity.provider, identity.accountId, manager)) {
        return null;
      }
    }
    throw new Error(`No free name for ${identity.username}`);
  }
}
