import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { SETTINGS, type Settings } from '../../platform/config/settings.js';
import {
  type BranchChanges,
  type OwnChanges,
  type OwnCommits,
  type Departure,
  type RepositoryAnswers,
  RoomRepository,
} from '../../rooms/index.js';
import { RepositoryConnections } from '../connections/repository-connections.service.js';
import { isBranchName } from '../hosting/domain/ref-name.js';
import { HostedRepositories } from '../hosting/repository-store.js';
import { GitHubHost } from './github-host.js';
import { GitLabHost } from './gitlab-host.js';
import { HostedHost } from './hosted-host.js';
import type { RepositoryHost } from './repository-host.js';

/** Answers what others ask of a room's repository: of the one the room works on, wherever that is. */
@Injectable()
export class RepositoryAnswersService implements RepositoryAnswers {
  constructor(
    private readonly repositories: HostedRepositories,
    private readonly connections: RepositoryConnections,
    @Inject(SETTINGS) private readonly settings: Settings,
    roomRepository: RoomRepository,
  ) {
    roomRepository.contribute(this);
  }

  async tipOf(roomId: string, branch: string, manager?: EntityManager): Promise<string | null> {
    const host = isBranchName(branch) && (await this.hostOf(roomId, manager));
    return host ? host.tipOf(branch) : null;
  }

  async commitsOf(roomId: string, tip: string): Promise<OwnCommits> {
    const host = await this.hostOf(roomId);
    return host ? host.commitsOf(tip) : 'unknown';
  }

  async changesOf(roomId: string, tip: string): Promise<OwnChanges> {
    const host = await this.hostOf(roomId);
    return host ? host.changesOf(tip) : 'unknown';
  }

  async touchedBetween(
    roomId: string,
    departure: Departure,
    manager?: EntityManager,
  ): Promise<BranchChanges | 'unknown'> {
    const host = await this.hostOf(roomId, manager);
    return host ? host.touchedBetween(departure) : 'unknown';
  }

  async clashOf(
    roomId: string,
    one: string,
    other: string,
    manager?: EntityManager,
  ): Promise<readonly string[] | null | 'unknown'> {
    const host = await this.hostOf(roomId, manager);
    return host ? host.clashOf(one, other) : 'unknown';
  }

  private async hostOf(roomId: string, manager?: EntityManager): Promise<RepositoryHost | null> {
    const connection = await this.connections.ofRoom(roomId, manager);
    if (!connection) {
      return null;
    }
    const { provider, repoId, fullName, defaultBranch } = connection;
    const accessToken = this.connections.accessTokenOf(connection);
    switch (provider) {
      case 'clawtank':
        return new HostedHost(this.repositories.at(roomId));
      case 'github':
        return new GitHubHost({ apiUrl: this.apiOf('github'), fullName, defaultBranch, accessToken });
      case 'gitlab':
        return new GitLabHost({ baseUrl: this.apiOf('gitlab'), projectId: repoId, accessToken });
    }
  }

  private apiOf(provider: 'github' | 'gitlab'): string {
    const usual = { github: 'https://api.github.com', gitlab: 'https://gitlab.com' };
    return (this.settings[provider]?.apiUrl ?? usual[provider]).replace(/\/$/, '');
  }
}
