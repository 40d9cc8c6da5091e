import type { Register } from '@clawtank/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '../platform/config/settings.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { Refusal } from '../platform/errors/refusal.js';
import { type Limiter, RateLimits } from '../platform/rate-limits.js';
import { takenOrError, UserEntity } from '../users/index.js';
import { clientNetwork } from './domain/client-network.js';
import type { Client } from './client.js';
import { Passwords } from './passwords.js';
import { type OpenSession, Sessions } from './sessions/sessions.service.js';
import { SetupLink } from './setup-link.js';

const HOUR_SECONDS = 3600;

/** Makes accounts, for people who choose a name and a password. */
@Injectable()
export class Registration {
  private readonly limiter: Limiter;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly passwords: Passwords,
    private readonly sessions: Sessions,
    private readonly setupLink: SetupLink,
    @Inject(SETTINGS) private readonly settings: Settings,
    limits: RateLimits,
  ) {
    this.limiter = limits.named('registrations', { points: settings.registrationsPerHour, seconds: HOUR_SECONDS });
  }

  /** Makes an account and signs it in. With the set-up link's token it is the administrator's, however closed registration is. */
  async register({ username, password, email, setupToken }: Register, client: Client): Promise<OpenSession> {
    if (setupToken === undefined) {
      this.requireOpen();
    }
    await this.limit(client);
    if (setupToken !== undefined) {
      await this.setupLink.check(setupToken);
    }
    const passwordHash = await this.passwords.hash(password);
    return this.unitOfWork.run(async (work) => {
      if (setupToken !== undefined) {
        await this.setupLink.redeem(work, setupToken);
      }
      const user = work.manager.create(UserEntity, {
        username,
        email: email ?? null,
        passwordHash,
        role: setupToken === undefined ? 'user' : 'admin',
        createdAt: work.now,
      });
      await work.manager.insert(UserEntity, user).catch((error: unknown) => {
        throw takenOrError(error);
      });
      return this.sessions.open(work, user, client.userAgent);
    });
  }

  requireOpen(): void {
    if (this.settings.registration === 'closed') {
      throw new Refusal('registration_closed', 'Accounts on this server are made by its administrator');
    }
  }

  /** Counts one more account made from the client's address. */
  limit({ address }: Client): Promise<void> {
    return this.limiter.consume(clientNetwork(address));
  }
}
