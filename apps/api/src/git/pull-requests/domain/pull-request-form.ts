import type { RepositoryView } from '@clawtank/contracts';

export const TITLES = { github: 'GitHub', gitlab: 'GitLab' } as const;

export interface RepositoryElsewhere extends Pick<RepositoryView, 'webUrl' | 'defaultBranch'> {
  readonly provider: keyof typeof TITLES;
}

/** The page of a provider on which somebody proposes a branch, filled in. */
export function pullRequestForm({ provider, webUrl, defaultBranch }: RepositoryElsewhere, head: string): string {
  switch (provider) {
    case 'github':
      return `${webUrl}/compare/${asPath(defaultBranch)}...${asPath(head)}?expand=1`;
    case 'gitlab': {
      const filled = { 'merge_request[source_branch]': head, 'merge_request[target_branch]': defaultBranch };
      return `${webUrl}/-/merge_requests/new?${new URLSearchParams(filled).toString()}`;
    }
  }
}

const asPath = (branch: string): string => branch.split('/').map(encodeURIComponent).join('/');
