import * as z from 'zod';
import type { OwnChanges, OwnCommits } from '../../rooms/index.js';
import { ProviderApi } from './provider-api.js';
import type { RepositoryHost } from './repository-host.js';

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
}
