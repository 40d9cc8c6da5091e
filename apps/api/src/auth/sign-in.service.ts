import type { Login } from '@clawtank/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type FindOptionsWhere, IsNull, Raw } from 'typeorm';
import { SETTINGS, type Settings } from '../platform/config/settings.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { Refusal } from '../platform/errors/refusal.js';
import { type Limiter, RateLimits } from '../platform/rate-limits.js';
import { UserEntity } from '../users/index.js';
import type { Client } from './client.js';
import { clientNetwork } from './domain/client-network.js';
import { Passwords } from './passwords.js';
import { type OpenSession, Sessions } from './sessions/sessions.service.js';

const WINDOW_SECONDS = 15 * 60;
const ATTEMPTS_PER_ADDRESS = 10;

/** Signs people in by password. What it refuses, and how long that takes, does not tell whether an account exists. */
@Injectable()
export class SignIn {
  private readonly perName: Limiter;
  private readonly perAddress: Limiter;

  constructor(
    private readonly dataSource: DataSource,
    private readonly unitOfWork: UnitOfWork,
    private readonly passwords: Passwords,
    private readonly sessions: Sessions,
    limits: RateLimits,
    @Inject(SETTINGS) { signInAttempts }: Settings,
  ) {
    this.perName = limits.named('sign-in-name', { points: signInAttempts, seconds: WINDOW_SECONDS });
    this.perAddress = limits.named('sign-in-address', {
      points: signInAttempts * ATTEMPTS_PER_ADDRESS,
      seconds: WINDOW_SECONDS,
    });
  }

  async signIn({ username, password }: Login, { address, userAgent }: Client): Promise<OpenSession> {
    const name = username.toLowerCase();
    const network = clientNetwork(address);
    await this.perAddress.check(network);
    // Counted before the password is tried, and forgiven afterwards: guesses sent all at once are counted all the same.
    await this.perName.consume(name);

    const user = await this.findByName(name);
    if (!(await this.passwords.matches(password, user?.passwordHash)) || !user?.passwordHash) {
      await this.perAddress.consume(network);
      throw new Refusal('credentials_wrong', 'The name or the password is wrong');
    }
    await this.perName.forget(name);
    const { id, passwordHash } = user;
    const newHash = this.passwords.isOutdated(passwordHash) ? await this.passwords.hash(password) : undefined;
    return this.open(id, userAgent, { passwordHash, newHash });
  }

  /** Signs in somebody whose identity is proven, unless an administrator banned them. */
  open(
    userId: string,
    userAgent: string,
    proof: { passwordHash?: string; newHash?: string | undefined } = {},
  ): Promise<OpenSession> {
    return this.unitOfWork.run(async (work) => {
      // Held against being banned or closed until the session is there to be ended with the others.
      const user = await work.manager.findOne(UserEntity, {
        where: { id: userId },
        lock: { mode: 'pessimistic_write' },
      });
      if (!user || user.deletedAt || (proof.passwordHash && user.passwordHash !== proof.passwordHash)) {
        throw new Refusal('credentials_wrong', 'The name or the password is wrong');
      }
      if (user.bannedAt) {
        throw new Refusal('banned', 'An administrator has banned this account');
      }
      if (proof.newHash) {
        await work.manager.update(UserEntity, { id: userId }, { passwordHash: proof.newHash });
      }
      return this.sessions.open(work, user, userAgent);
    });
  }

  private findByName(name: string): Promise<UserEntity | null> {
    const is = (value: string): FindOptionsWhere<UserEntity>['username'] =>
      Raw((column) => `lower(${column}) = :value`, { value });
    return this.dataSource.manager.findOneBy(UserEntity, {
      ...(name.includes('@') ? { email: is(name) } : { username: is(name) }),
      deletedAt: IsNull(),
    });
  }
}
