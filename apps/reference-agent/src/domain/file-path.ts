/** The path as git writes it, relative to the worktree; null for one that leads out of it or into git's own files. */
export function confinedPath(path: string): string | null {
  const parts = path.split('/').filter((part, index) => part !== '.' && !(part === '' && index > 0));
  const isConfined =
    parts.length > 0 &&
    path.length <= 500 &&
    !path.startsWith('/') &&
    !path.endsWith('/') &&
    !path.includes('\\') &&
    !/^[A-Za-z]:/.test(path) &&
    !/\p{Cc}/u.test(path) &&
    parts.every((part) => part !== '' && part !== '..' && !isGitFolder(part));
  return isConfined ? parts.join('/') : null;
}

/** `.git` by any name that some file system takes for it. */
function isGitFolder(part: string): boolean {
  const plain = part
    .replace(/\p{Cf}/gu, '')
    .replace(/[\s.]+$/, '')
    .split(':')[0]
    ?.toLowerCase();
  return plain === '.git' || plain === 'git~1';
}
