import { Logger } from '@nestjs/common';
import {
  type BranchChanges,
  type Departure,
  MAX_OWN_COMMITS,
  type OwnChanges,
  type OwnCommits,
  type SeenRepository,
} from '../../rooms/index.js';
import { cut } from '../domain/cut.js';
import { DEFAULT_REF } from '../hosted/hosting.js';
import { changedPaths } from '../hosting/changes.js';
import { isBranchName } from '../hosting/domain/ref-name.js';
import { GitFailed } from '../hosting/git-command.js';
import { checkMerge } from '../hosting/merging.js';
import { rawCommits } from '../hosting/raw-commits.js';
import { resolveCommit } from '../hosting/refs.js';
import type { Repository } from '../hosting/repository.js';

const MAX_PATH = 1000;

/** A repository on this machine, which git itself is asked. */
abstract class SeenByGit implements SeenRepository {
  constructor(
    protected readonly repository: Repository,
    /** What work departs from. */
    private readonly base: string,
  ) {}

  abstract tipOf(branch: string): Promise<string | null>;

  /** Whether git can be asked about a commit. */
  protected abstract has(commit: string): Promise<boolean>;

  commitsOf(tip: string): Promise<OwnCommits> {
    return this.ask(
      [tip],
      async () => (await rawCommits(this.repository, this.base, tip, MAX_OWN_COMMITS)) ?? 'too_many',
    );
  }

  changesOf(tip: string): Promise<OwnChanges> {
    return this.ask([tip], () => changedPaths(this.repository, this.base, tip));
  }

  touchedBetween({ base, head }: Departure): Promise<BranchChanges | 'unknown'> {
    return this.ask([base, head], async () => {
      const paths = (await changedPaths(this.repository, base, head)).map(({ path }) => cut(path, MAX_PATH));
      return { paths, total: paths.length };
    });
  }

  clashOf(one: string, other: string): Promise<readonly string[] | null | 'unknown'> {
    return this.ask([one, other], async () => {
      const check = await checkMerge(this.repository, one, other);
      switch (check.outcome) {
        case 'conflict':
          return check.paths.map((path) => cut(path, MAX_PATH));
        case 'unrelated':
          return [];
        case 'clean':
        case 'up_to_date':
          return null;
      }
    });
  }

  protected async ask<Answer>(about: readonly string[], question: () => Promise<Answer>): Promise<Answer | 'unknown'> {
    const isKnown = await Promise.all(about.map((commit) => this.has(commit)));
    return isKnown.every(Boolean) ? question() : 'unknown';
  }
}

/** A repository of ours, as it is at any moment. */
export class SeenHosted extends SeenByGit {
  constructor(repository: Repository) {
    super(repository, DEFAULT_REF);
  }

  async tipOf(branch: string): Promise<string | null> {
    return isBranchName(branch) ? resolveCommit(this.repository, `refs/heads/${branch}`) : null;
  }

  protected async has(commit: string): Promise<boolean> {
    return (await resolveCommit(this.repository, commit)) !== null;
  }
}

/** A copy of a repository elsewhere, as that was when it was fetched. */
export class SeenElsewhere extends SeenByGit {
  private readonly logger = new Logger(SeenElsewhere.name);

  constructor(
    repository: Repository,
    base: string,
    private readonly tips: ReadonlyMap<string, string>,
  ) {
    super(repository, base);
  }

  tipOf(branch: string): Promise<string | null> {
    return Promise.resolve(this.tips.get(branch) ?? null);
  }

  /** What a merge needs may have to be fetched, and the copy may be made anew in this very moment. */
  protected override async ask<Answer>(
    about: readonly string[],
    question: () => Promise<Answer>,
  ): Promise<Answer | 'unknown'> {
    try {
      return await super.ask(about, question);
    } catch (error) {
      if (!(error instanceof GitFailed)) {
        throw error;
      }
      this.logger.warn(`${error.message}: ${error.stderr}`);
      return 'unknown';
    }
  }

  /** Git is not asked: for a commit that it does not have it would turn to the provider. */
  protected has(commit: string): Promise<boolean> {
    return Promise.resolve([...this.tips.values()].includes(commit));
  }
}
