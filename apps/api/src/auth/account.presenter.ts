import type { Account } from '@clawtank/contracts';
import type { UserEntity } from '../users/index.js';

/** What a person sees of their own account. */
export const presentAccount = (user: UserEntity): Account => ({
  id: user.id,
  username: user.username,
  email: user.email,
  avatarUrl: user.avatarUrl,
  bio: user.bio,
  role: user.role,
  providers: user.providers,
  hasPassword: user.passwordHash !== null,
  createdAt: user.createdAt.toISOString(),
});
