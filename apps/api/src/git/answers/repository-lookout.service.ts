import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type RepositoryLookout, type SeenRepository, RoomRepository, type Unseen } from '../../rooms/index.js';
import type { RepositoryConnectionEntity } from '../connections/repository-connection.entity.js';
import { RepositoryConnections } from '../connections/repository-connections.service.js';
import { FetchedRepositories } from '../fetching/fetched-repositories.js';
import { HostedRepositories } from '../hosting/repository-store.js';
import { SeenElsewhere, SeenHosted } from './seen-repositories.js';

/** What providers want to be told beside a token, which is what counts. */
const USER = { github: 'x-access-token', gitlab: 'oauth2' } as const;

/** Looks at the repository that a room works on, wherever that is: by git, which alone tells what was signed. */
@Injectable()
export class RepositoryLookoutService implements RepositoryLookout {
  private readonly logger = new Logger(RepositoryLookoutService.name);

  constructor(
    private readonly repositories: HostedRepositories,
    private readonly fetched: FetchedRepositories,
    private readonly connections: RepositoryConnections,
    roomRepository: RoomRepository,
  ) {
    roomRepository.contribute(this);
  }

  async look(
    roomId: string,
    branches: readonly string[],
    manager?: EntityManager,
  ): Promise<SeenRepository | Unseen | null> {
    const connection = await this.connections.ofRoom(roomId, manager);
    if (!connection) {
      return null;
    }
    const { provider } = connection;
    return provider === 'clawtank'
      ? new SeenHosted(this.repositories.at(roomId))
      : this.fetch(connection, provider, branches);
  }

  private async fetch(
    connection: RepositoryConnectionEntity,
    provider: 'github' | 'gitlab',
    branches: readonly string[],
  ): Promise<SeenRepository | Unseen> {
    const { hookId: key, defaultBranch } = connection;
    const token = this.connections.accessTokenOf(connection);
    const credentials = token && Buffer.from(`${USER[provider]}:${token}`).toString('base64');
    const remote = {
      key,
      url: this.connections.cloneUrlOf(connection),
      authorization: credentials && `Basic ${credentials}`,
    };
    const fetched = await this.fetched.look(remote, [defaultBranch, ...branches]);
    if (typeof fetched === 'string') {
      return fetched;
    }
    const base = fetched.tips.get(defaultBranch);
    if (base === undefined) {
      this.logger.warn(`${remote.url} has no branch ${defaultBranch}, which is to be its default one`);
      return 'no_default_branch';
    }
    return new SeenElsewhere(fetched.repository, base, fetched.tips);
  }
}
