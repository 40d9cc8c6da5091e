import * as z from 'zod';
import type { GitFact } from './git-fact.js';
import { normaliseClawtank } from './normalise-clawtank.js';
import { normaliseGithub } from './normalise-github.js';
import { normaliseGitlab } from './normalise-gitlab.js';
import { ProviderId } from './provider-values.js';

export type GitProvider = 'clawtank' | 'github' | 'gitlab';
export const GIT_PROVIDERS = ['clawtank', 'github', 'gitlab'] as const satisfies readonly GitProvider[];

/** What a delivery of `provider` says happened, in the same words for every provider. Throws a ZodError for a payload it cannot read. */
export function normalise(provider: GitProvider, event: string, payload: unknown): GitFact[] {
  switch (provider) {
    case 'clawtank':
      return normaliseClawtank(event, payload);
    case 'github':
      return normaliseGithub(event, payload);
    case 'gitlab':
      return normaliseGitlab(payload);
  }
}

const GithubShape = z.object({ repository: z.object({ id: ProviderId }) }).transform(({ repository }) => repository.id);
const GitlabShape = z
  .object({ project: z.object({ id: ProviderId }).optional(), project_id: ProviderId.optional() })
  .transform(({ project, project_id: id }) => project?.id ?? id ?? null);

/** Which repository a payload is about, read as `provider` writes it; null if it names none. */
export function repositoryIdOf(provider: GitProvider, payload: unknown): string | null {
  const { data } = (provider === 'gitlab' ? GitlabShape : GithubShape).safeParse(payload);
  return data ?? null;
}
