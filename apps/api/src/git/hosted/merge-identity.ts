import type { Actor } from '@clawtank/contracts';
import { SYSTEM } from '../../platform/caller.js';
import type { GitIdentity } from '../hosting/domain/identity.js';
import type { Repository } from '../hosting/repository.js';

const DOMAIN = 'users.clawtank.invalid';
const AUTHOR = new RegExp(`^(.*)\\n([0-9a-f-]{36})@${DOMAIN.replaceAll('.', '\\.')}$`);

/** How a person signs a merge that the host makes for them. Only the host writes commits to the default branch's own line, so there it can be believed. */
export const mergeIdentity = ({ id, name }: { id: string; name: string }): GitIdentity => ({
  name,
  email: `${id}@${DOMAIN}`,
});

/** Who had the host make this merge. */
export async function mergerOf(repository: Repository, mergeSha: string): Promise<Actor> {
  const { stdout } = await repository.run(['log', '-1', '--format=%an%n%ae', mergeSha]);
  const [, name, id] = AUTHOR.exec(stdout.toString().trim()) ?? [];
  return name !== undefined && id !== undefined ? { type: 'human', id, name } : SYSTEM;
}
