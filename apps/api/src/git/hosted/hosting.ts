import { join } from 'node:path';
import type { FactoryProvider } from '@nestjs/common';
import { SETTINGS, type Settings } from '../../platform/config/settings.js';
import { FetchedRepositories } from '../fetching/fetched-repositories.js';
import { HostedRepositories } from '../hosting/repository-store.js';
import { SmartHttp } from '../hosting/smart-http.js';

export const DEFAULT_BRANCH = 'main';
export const DEFAULT_REF = `refs/heads/${DEFAULT_BRANCH}`;

const MAX_PUSH_BYTES = 100 * 1024 * 1024;
const MAX_FETCH_REQUEST_BYTES = 10 * 1024 * 1024;
const TRANSFER_MS = 10 * 60_000;

/** The engine of the built-in git host, and the copies of repositories elsewhere, under the data directory. */
export const HOSTING: FactoryProvider[] = [
  {
    provide: HostedRepositories,
    inject: [SETTINGS],
    useFactory: ({ dataDir }: Settings) =>
      HostedRepositories.open({ root: join(dataDir, 'repositories'), maxPushBytes: MAX_PUSH_BYTES }),
  },
  {
    provide: FetchedRepositories,
    inject: [SETTINGS],
    useFactory: ({ dataDir }: Settings) => FetchedRepositories.open(join(dataDir, 'fetched')),
  },
  {
    provide: SmartHttp,
    inject: [HostedRepositories],
    useFactory: (repositories: HostedRepositories) =>
      new SmartHttp(repositories.guard, {
        maxPushBytes: MAX_PUSH_BYTES,
        maxFetchRequestBytes: MAX_FETCH_REQUEST_BYTES,
        transferTimeLimitMs: TRANSFER_MS,
      }),
  },
];
