import * as z from 'zod';
import type { GitFact } from './git-fact.js';
import { normaliseGithub } from './normalise-github.js';

const OwnPullRequest = z.object({
  pull_request: z.object({ id: z.uuid(), clawtank: z.object({ task_id: z.uuid().nullable() }) }),
});

/** What a delivery of the built-in host says happened. It speaks as GitHub does, and knows the pull request's id and task besides. */
export function normaliseClawtank(event: string, payload: unknown): GitFact[] {
  return normaliseGithub(event, payload).map((fact) => {
    if (fact.kind === 'push') {
      return fact;
    }
    const { id, clawtank } = OwnPullRequest.parse(payload).pull_request;
    return { ...fact, id, taskId: clawtank.task_id };
  });
}
