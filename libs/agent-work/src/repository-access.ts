import type { GitAccess, GitCredentials } from '@clawtank/agent-sdk';
import { RepositoryClosed, type RepositoryAddress } from './room-repository.js';

/** Where a room's repository is, and what lets git in there. */
export interface RepositoryAccess {
  readonly address: RepositoryAddress;
  readonly credentials: Exclude<GitCredentials, null>;
}

/** The repositories in which the agent's owner lets it work with the owner's own git credentials. */
export interface NamedRepositories {
  readonly addresses: readonly string[];
  /** How the owner names another one, to end a sentence with. */
  toName(url: string): string;
}

/**
 * A repository of the server is reached with the agent's token. One elsewhere only if the agent's owner named it: a room's host says
 * which repository a room works on, and the owner's credentials may open more than that host should see.
 */
export function accessTo(
  { cloneUrl, defaultBranch }: { readonly cloneUrl: string; readonly defaultBranch: string },
  access: GitAccess,
  named: NamedRepositories,
): RepositoryAccess {
  const url = new URL(cloneUrl, access.server);
  if (url.origin === access.server.origin) {
    return { address: { url: url.href, defaultBranch }, credentials: access };
  }
  const own = named.addresses.find((address) => isSame(pathOf(address), pathOf(url.href)));
  if (own === undefined) {
    throw new RepositoryClosed(
      `This room works on ${url.href}. The agent’s owner has to allow it to work there with the owner’s own git credentials: by ${named.toName(url.href)}, or another address of the same repository`,
      'no_access',
    );
  }
  return { address: { url: own, defaultBranch }, credentials: 'owners' };
}

/** Whether an address could be one of git's without telling who signs in. */
export const isRepositoryAddress = (text: string): boolean =>
  text.trim() !== '' && !text.startsWith('-') && !/^[a-z+.-]+:\/\/[^/]*:[^/]*@/i.test(text) && !text.includes('::');

/** The parts of the path of an address, of a URL, of `user@host:path` or of a folder. */
function pathOf(address: string): string[] {
  const path = URL.canParse(address) ? new URL(address).pathname : address.replace(/^[^/]*:/, '');
  const parts = path
    .replace(/\/+$/, '')
    .replace(/\.git$/i, '')
    .toLowerCase()
    .split('/');
  return parts.filter((part) => part !== '' && part !== '.');
}

/** One ends as the other: SSH addresses leave out the folder under which a server shows its repositories, and hosts have aliases. */
function isSame(one: readonly string[], other: readonly string[]): boolean {
  const length = Math.min(one.length, other.length);
  return length >= 2 && one.slice(-length).join('/') === other.slice(-length).join('/');
}
