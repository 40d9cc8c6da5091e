import * as z from 'zod';
import type { BranchChanges, OwnChanges, OwnCommits, Departure } from '../../rooms/index.js';
import { pathsOf, ProviderApi } from './provider-api.js';
import type { RepositoryHost } from './repository-host.js';

/** Of a large comparison GitLab leaves files out, and says so only by the time it took. */
const Comparison = z.object({
  compare_timeout: z.boolean().optional(),
  diffs: z.array(z.object({ old_path: z.string(), new_path: z.string() })),
});

const Branch = z.object({ commit: z.object({ id: z.string() }) });

export interface GitLabProject {
  /** Of GitLab itself, without a slash at its end. */
  readonly baseUrl: string;
  readonly projectId: string;
  readonly accessToken: string | null;
}

/** A project at GitLab. Its API says what GitLab thinks of a signature, but tells neither the signature nor what was signed. */
export class GitLabHost implements RepositoryHost {
  private readonly api: ProviderApi;

  constructor({ baseUrl, projectId, accessToken }: GitLabProject) {
    this.api = new ProviderApi(`${baseUrl}/api/v4/projects/${encodeURIComponent(projectId)}`, {
      ...(accessToken && { authorization: `Bearer ${accessToken}` }),
    });
  }

  async tipOf(branch: string): Promise<string | null> {
    const found = await this.api.get(`/repository/branches/${encodeURIComponent(branch)}`, Branch);
    return found === null || found === 'unknown' ? found : found.commit.id;
  }

  commitsOf(): Promise<OwnCommits> {
    return Promise.resolve('unknown');
  }

  changesOf(): Promise<OwnChanges> {
    return Promise.resolve('unknown');
  }

  async touchedBetween({ base, head }: Departure): Promise<BranchChanges | 'unknown'> {
    const comparison = await this.api.get(`/repository/compare?from=${base}&to=${head}`, Comparison);
    if (comparison === null || comparison === 'unknown') {
      return 'unknown';
    }
    const paths = pathsOf(comparison.diffs.map(({ old_path, new_path }) => [old_path, new_path]));
    return { paths, total: comparison.compare_timeout ? null : paths.length };
  }

  clashOf(): Promise<'unknown'> {
    return Promise.resolve('unknown');
  }
}
