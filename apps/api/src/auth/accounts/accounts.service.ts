import { Injectable } from '@nestjs/common';
import { Agents } from '../../agents/index.js';
import type { HumanCaller } from '../../platform/caller.js';
import { UnitOfWork, type Work } from '../../platform/database/unit-of-work.js';
import { notFound, Refusal } from '../../platform/errors/refusal.js';
import { Connections } from '../../platform/sockets/connections.js';
import { UserEntity } from '../../users/index.js';
import { AccessTokenEntity } from '../personal-tokens/access-token.entity.js';
import { Sessions } from '../sessions/sessions.service.js';

/** Ends what people may do here: bans, and closing accounts. Either takes effect at once, on every device and for their agents. */
@Injectable()
export class Accounts {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly sessions: Sessions,
    private readonly agents: Agents,
    private readonly connections: Connections,
  ) {}

  /** Bans a person until the ban is lifted. Their agents are refused meanwhile. */
  async ban(caller: HumanCaller, userId: string): Promise<void> {
    requireAdmin(caller);
    await this.unitOfWork.run(async (work) => {
      const user = await this.hold(work, userId);
      if (user.role === 'admin') {
        throw new Refusal('forbidden', 'An administrator cannot be banned');
      }
      if (user.bannedAt) {
        return;
      }
      await work.manager.update(UserEntity, { id: userId }, { bannedAt: work.now });
      await this.sessions.endAllOf(work, userId);
      work.announce({ name: 'accounts.closed', data: { userId, username: user.username, reason: 'banned' } });
    });
    await this.connections.closeAll(`user:${userId}`, 'An administrator has banned this account');
  }

  /** Lets a banned person sign in again. Seats that the ban took are not given back. */
  async liftBan(caller: HumanCaller, userId: string): Promise<void> {
    requireAdmin(caller);
    await this.unitOfWork.run(async (work) => {
      await this.hold(work, userId);
      await work.manager.update(UserEntity, { id: userId }, { bannedAt: null });
    });
  }

  /**
   * Closes an account for good, by its owner or an administrator: what it knew of the person is erased, its agents are revoked.
   * The name stays taken, since rooms' logs go on naming it.
   */
  async close(caller: HumanCaller, userId: string): Promise<void> {
    if (caller.userId !== userId) {
      requireAdmin(caller);
    }
    await this.unitOfWork.run(async (work) => {
      const user = await this.hold(work, userId);
      if (user.role === 'admin') {
        throw new Refusal('forbidden', 'An administrator’s account cannot be closed');
      }
      await work.manager.update(
        UserEntity,
        { id: userId },
        {
          deletedAt: work.now,
          email: null,
          passwordHash: null,
          githubId: null,
          gitlabId: null,
          avatarUrl: null,
          bio: '',
        },
      );
      await this.sessions.endAllOf(work, userId);
      await work.manager.delete(AccessTokenEntity, { userId });
      await this.agents.revokeAllOf(work, userId);
      work.announce({ name: 'accounts.closed', data: { userId, username: user.username, reason: 'deleted' } });
    });
    await this.connections.closeAll(`user:${userId}`, 'This account was closed');
  }

  /** The account, held against changes: whoever signs in meanwhile waits, and is then refused. */
  private async hold({ manager }: Work, userId: string): Promise<UserEntity> {
    const user = await manager.findOne(UserEntity, { where: { id: userId }, lock: { mode: 'pessimistic_write' } });
    if (!user || user.deletedAt) {
      throw notFound('person');
    }
    return user;
  }
}

function requireAdmin({ isAdmin }: HumanCaller): void {
  if (!isAdmin) {
    throw new Refusal('forbidden', 'Only an administrator can do this');
  }
}
