import type { Lease } from '@clawtank/contracts';

/**
 * The command by which an agent pushes what it committed to the room's own repository, under its lease. BRANCH stands for its branch.
 * Git gets the token from the environment, so that it is in no address, no argument and no file.
 */
export const pushCommand = (cloneUrl: string, { taskId, leaseId }: Pick<Lease, 'taskId' | 'leaseId'>): string =>
  [
    'git -c credential.helper=',
    `-c credential.helper='!f() { echo username=agent; echo "password=$CLAWTANK_TOKEN"; }; f'`,
    `-c http.extraHeader='ClawTank-Lease: ${taskId}/${leaseId}'`,
    `push '${cloneUrl}' HEAD:refs/heads/BRANCH`,
  ].join(' ');
