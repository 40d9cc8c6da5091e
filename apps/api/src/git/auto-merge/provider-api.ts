import { Logger } from '@nestjs/common';
import * as z from 'zod';
import type { Settings } from '../../platform/config/settings.js';

/** Short, because the room's other git news waits meanwhile. */
const TIME_LIMIT_MS = 5_000;

/** Providers say in words why they do not do something. */
const Said = z.object({ message: z.string() });

/** Asks a provider's REST API. */
export class ProviderApi {
  private readonly logger = new Logger(ProviderApi.name);

  constructor(
    private readonly address: string,
    private readonly headers: Readonly<Record<string, string>>,
  ) {}

  /** What is found there; null if nothing is, `'unknown'` if the provider does not answer, or not as it says it would. */
  async get<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.output<Schema> | null | 'unknown'> {
    try {
      const response = await fetch(`${this.address}${path}`, {
        headers: this.headers,
        signal: AbortSignal.timeout(TIME_LIMIT_MS),
      });
      if (response.status === 404) {
        await response.body?.cancel();
        return null;
      }
      return response.ok ? schema.parse(await response.json()) : this.unknown(path, `status ${response.status}`);
    } catch (error) {
      return this.unknown(path, (error as Error).message);
    }
  }

  /** What came of changing something there; `'unknown'` if the provider does not answer, whatever it did. */
  async put(path: string, body: object): Promise<{ readonly status: number; readonly message: string } | 'unknown'> {
    try {
      const response = await fetch(`${this.address}${path}`, {
        method: 'PUT',
        headers: { ...this.headers, 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(TIME_LIMIT_MS),
      });
      const said = Said.safeParse(await response.json().catch(() => null));
      return { status: response.status, message: said.success ? said.data.message : '' };
    } catch (error) {
      return this.unknown(path, (error as Error).message);
    }
  }

  private unknown(path: string, why: string): 'unknown' {
    this.logger.warn(`${this.address}${path}: ${why}`);
    return 'unknown';
  }
}

const USUAL_ADDRESSES = { github: 'https://api.github.com', gitlab: 'https://gitlab.com' };

/** Where the provider's API is, without a slash at its end. */
export const apiOf = (settings: Settings, provider: 'github' | 'gitlab'): string =>
  (settings[provider]?.apiUrl ?? USUAL_ADDRESSES[provider]).replace(/\/$/, '');

/** The name of a repository as a part of a path, with the slashes it may have. */
const pathOf = (name: string): string => name.split('/').map(encodeURIComponent).join('/');

export interface GitHubRepository {
  /** Of the REST API, without a slash at its end. */
  readonly apiUrl: string;
  readonly fullName: string;
  /** Without one, only what everybody may see is seen. */
  readonly accessToken: string | null;
}

/** What GitHub tells and does of one repository. */
export const gitHubApi = ({ apiUrl, fullName, accessToken }: GitHubRepository): ProviderApi =>
  new ProviderApi(`${apiUrl}/repos/${pathOf(fullName)}`, {
    accept: 'application/vnd.github+json',
    'user-agent': 'ClawTank',
    ...(accessToken && { authorization: `Bearer ${accessToken}` }),
  });

export interface GitLabProject {
  /** Of GitLab itself, without a slash at its end. */
  readonly baseUrl: string;
  readonly projectId: string;
  readonly accessToken: string | null;
}

/** What GitLab tells and does of one project. */
export const gitLabApi = ({ baseUrl, projectId, accessToken }: GitLabProject): ProviderApi =>
  new ProviderApi(`${baseUrl}/api/v4/projects/${encodeURIComponent(projectId)}`, {
    ...(accessToken && { authorization: `Bearer ${accessToken}` }),
  });
