import type { UpdateProfile, UserProfile } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, IsNull } from 'typeorm';
import type { HumanCaller } from '../platform/caller.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { notFound, Refusal } from '../platform/errors/refusal.js';
import { takenOrError } from './unique-violation.js';
import { type ProviderName, UserEntity } from './user.entity.js';

interface ProfileRow {
  id: string;
  username: string;
  avatar_url: string | null;
  bio: string;
  created_at: Date;
  total_xp: number;
  level: number;
}

/** People's accounts and what others may see of them. Closed accounts are not there. */
@Injectable()
export class Users {
  constructor(
    private readonly dataSource: DataSource,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  find(id: string, manager: EntityManager = this.dataSource.manager): Promise<UserEntity | null> {
    return manager.findOneBy(UserEntity, { id, deletedAt: IsNull() });
  }

  /** Whoever linked this account of a provider. Identity comes from the provider's account ids only, never from e-mail addresses. */
  findByProvider(
    provider: ProviderName,
    accountId: string,
    manager: EntityManager = this.dataSource.manager,
  ): Promise<UserEntity | null> {
    const linked = provider === 'github' ? { githubId: accountId } : { gitlabId: accountId };
    return manager.findOneBy(UserEntity, { ...linked, deletedAt: IsNull() });
  }

  async profile(id: string, manager: EntityManager = this.dataSource.manager): Promise<UserProfile> {
    const [row] = await manager.query<ProfileRow[]>(
      `SELECT u.id, u.username, u.avatar_url, u.bio, u.created_at,
              coalesce(r.total_xp, 0) AS total_xp, coalesce(r.level, 1) AS level
         FROM users u LEFT JOIN user_reputation r ON r.user_id = u.id
        WHERE u.id = $1 AND u.deleted_at IS NULL`,
      [id],
    );
    if (!row) {
      throw notFound('person');
    }
    return {
      id: row.id,
      username: row.username,
      avatarUrl: row.avatar_url,
      bio: row.bio,
      createdAt: row.created_at.toISOString(),
      totalXP: row.total_xp,
      level: row.level,
    };
  }

  /** Changes what is named in `change` and leaves the rest. People change their own profile only. */
  updateProfile(caller: HumanCaller, id: string, change: UpdateProfile): Promise<UserProfile> {
    return this.unitOfWork.run(async ({ manager }) => {
      if (caller.userId !== id) {
        await this.profile(id, manager);
        throw new Refusal('forbidden', 'You can change your own profile only');
      }
      if (Object.values(change).some((value) => value !== undefined)) {
        await manager.update(UserEntity, { id, deletedAt: IsNull() }, change).catch((error: unknown) => {
          throw takenOrError(error);
        });
      }
      return this.profile(id, manager);
    });
  }
}
