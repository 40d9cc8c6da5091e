import type { PullRequest } from '@clawtank/contracts';

/** What the hosts of repositories call themselves. */
export const PROVIDER_NAMES = {
  clawtank: 'ClawTank',
  github: 'GitHub',
  gitlab: 'GitLab',
} as const satisfies Record<PullRequest['provider'], string>;
