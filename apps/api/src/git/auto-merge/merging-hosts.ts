import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { SETTINGS, type Settings } from '../../platform/config/settings.js';
import type { RepositoryConnectionEntity } from '../connections/repository-connection.entity.js';
import { RepositoryConnections } from '../connections/repository-connections.service.js';
import { HostedRepositories } from '../hosting/repository-store.js';
import { HostedMerging } from '../pull-requests/hosted-merging.js';
import { GitHubMergingHost } from './github-merging-host.js';
import { GitLabMergingHost } from './gitlab-merging-host.js';
import { HostedMergingHost } from './hosted-merging-host.js';
import type { MergingHost } from './merging-host.js';
import { apiOf, gitHubApi, gitLabApi } from './provider-api.js';

/** Who merges for a room: the host of the repository that it works on. */
@Injectable()
export class MergingHosts {
  constructor(
    private readonly dataSource: DataSource,
    private readonly repositories: HostedRepositories,
    private readonly connections: RepositoryConnections,
    private readonly hosted: HostedMerging,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  of(connection: RepositoryConnectionEntity): MergingHost {
    const { roomId, provider, repoId, fullName } = connection;
    const accessToken = this.connections.accessTokenOf(connection);
    switch (provider) {
      case 'clawtank':
        return new HostedMergingHost(this.dataSource, this.hosted, this.repositories.at(roomId));
      case 'github': {
        const apiUrl = apiOf(this.settings, 'github');
        return new GitHubMergingHost(gitHubApi({ apiUrl, fullName, accessToken }));
      }
      case 'gitlab': {
        const baseUrl = apiOf(this.settings, 'gitlab');
        return new GitLabMergingHost(gitLabApi({ baseUrl, projectId: repoId, accessToken }));
      }
    }
  }
}
