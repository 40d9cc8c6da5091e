import { parseCommit } from '@clawtank/ssh-signature';
import * as z from 'zod';
import {
  type BranchChanges,
  MAX_OWN_COMMITS,
  type OwnChanges,
  type OwnCommits,
  type Departure,
  type RepositoryCommit,
} from '../../rooms/index.js';
import { pathOf, pathsOf, ProviderApi } from './provider-api.js';
import type { RepositoryHost } from './repository-host.js';

const Reference = z.object({ object: z.object({ sha: z.string() }) });

const Commit = z.object({
  sha: z.string(),
  commit: z.object({
    author: z.object({ email: z.string().nullish() }).nullish(),
    /** What GitHub found in the commit. Its own opinion of it is of no interest here. */
    verification: z.object({ signature: z.string().nullable(), payload: z.string().nullable() }),
  }),
});

/** Without pages, GitHub lists no more than 250 commits, which is as many as are looked at, and counts them all. */
const Comparison = z.object({ total_commits: z.int(), commits: z.array(Commit) });

/** GitHub names no more files than this of a comparison, and does not say whether there are more. */
const MAX_NAMED_FILES = 300;

const Changes = z.object({
  files: z.array(z.object({ filename: z.string(), previous_filename: z.string().nullish() })),
});

export interface GitHubRepository {
  /** Of the REST API, without a slash at its end. */
  readonly apiUrl: string;
  readonly fullName: string;
  readonly defaultBranch: string;
  /** Without one, only what everybody may see is seen. */
  readonly accessToken: string | null;
}

/** A repository at GitHub, which tells of each commit its signature and what was signed. */
export class GitHubHost implements RepositoryHost {
  private readonly api: ProviderApi;

  constructor(private readonly repository: GitHubRepository) {
    const { apiUrl, fullName, accessToken } = repository;
    this.api = new ProviderApi(`${apiUrl}/repos/${pathOf(fullName)}`, {
      accept: 'application/vnd.github+json',
      'user-agent': 'ClawTank',
      ...(accessToken && { authorization: `Bearer ${accessToken}` }),
    });
  }

  async tipOf(branch: string): Promise<string | null> {
    const reference = await this.api.get(`/git/ref/heads/${pathOf(branch)}`, Reference);
    return reference === null || reference === 'unknown' ? reference : reference.object.sha;
  }

  async commitsOf(tip: string): Promise<OwnCommits> {
    const range = `${pathOf(this.repository.defaultBranch)}...${tip}`;
    const comparison = await this.api.get(`/compare/${range}`, Comparison);
    if (comparison === null || comparison === 'unknown') {
      return 'unknown';
    }
    if (comparison.total_commits > MAX_OWN_COMMITS) {
      return 'too_many';
    }
    return comparison.commits.length === comparison.total_commits ? comparison.commits.map(commitFrom) : 'unknown';
  }

  /** GitHub does not say which of them are links. */
  async changesOf(tip: string): Promise<OwnChanges> {
    const compared = await this.api.get(`/compare/${pathOf(this.repository.defaultBranch)}...${tip}`, Changes);
    if (compared === null || compared === 'unknown') {
      return 'unknown';
    }
    if (compared.files.length >= MAX_NAMED_FILES) {
      return 'too_many';
    }
    return compared.files
      .flatMap(({ filename, previous_filename }) => [filename, previous_filename ?? filename])
      .map((path) => ({ path, isLink: false }));
  }

  async touchedBetween({ base, head }: Departure): Promise<BranchChanges | 'unknown'> {
    const comparison = await this.api.get(`/compare/${base}...${head}`, Changes);
    if (comparison === null || comparison === 'unknown') {
      return 'unknown';
    }
    const { files } = comparison;
    const paths = pathsOf(files.map(({ filename, previous_filename }) => [filename, previous_filename]));
    return { paths, total: files.length < MAX_NAMED_FILES ? paths.length : null };
  }

  /** GitHub merges nothing on trial for others. */
  clashOf(): Promise<'unknown'> {
    return Promise.resolve('unknown');
  }
}

/** The author of a signed commit is read from what was signed, not from what GitHub says beside it. */
function commitFrom({ sha, commit: { author, verification } }: z.output<typeof Commit>): RepositoryCommit {
  const { payload, signature } = verification;
  return payload !== null && signature !== null
    ? { sha, ...parseCommit(Buffer.from(payload)), signature }
    : { sha, payload: Buffer.alloc(0), signature: null, authorEmail: author?.email ?? null };
}
