import type { ErrorCode, WorkCheck } from '@clawtank/contracts';
import { type PublicKey, type SignatureVerdict, verifyCommit } from '@clawtank/ssh-signature';
import type { OwnCommits, RepositoryCommit, Unseen } from '../../rooms/index.js';

/** What is known about work that an agent hands in. */
export interface Evidence {
  readonly branch: string;
  /** The commit that is said to be the branch's tip. */
  readonly commit: string;
  /** Its tip in truth, unless the repository cannot be looked at. */
  readonly tip: { readonly sha: string | null } | { readonly unseen: Unseen };
  /** What the branch has that the default branch has not. */
  readonly commits: OwnCommits;
  readonly maxCommits: number;
  /** The agent's active keys, and the address under which it commits. */
  readonly keys: readonly PublicKey[];
  readonly email: string;
  readonly checks: readonly WorkCheck[];
}

/** Why work is not taken in. */
export interface Objection {
  readonly code: Extract<
    ErrorCode,
    'branch_missing' | 'evidence_missing' | 'checks_failed' | 'commit_not_signed' | 'unavailable'
  >;
  readonly message: string;
}

const UNSEEN: Readonly<Record<Unseen, string>> = {
  unreachable: 'The host of the room’s repository does not answer; try again',
  still_fetching: 'The room’s repository is being fetched; try again',
  no_access:
    'The host of the room’s repository does not show it to this server: whoever configures the room has to connect it with an access token that may read it',
  no_default_branch:
    'The room’s repository has no branch of the name that is to be its default one: whoever configures the room has to connect it anew',
  too_large: 'The room’s repository is larger than what this server fetches',
};

/** Why work cannot be looked at, which is nobody's fault who handed it in. */
export const objectionToUnseen = (unseen: Unseen): Objection => ({ code: 'unavailable', message: UNSEEN[unseen] });

/** Null if the branch holds the work, its checks passed, and the agent signed every commit of it. */
export function objectionTo({
  branch,
  commit,
  tip,
  commits,
  maxCommits,
  keys,
  email,
  checks,
}: Evidence): Objection | null {
  if ('unseen' in tip) {
    return objectionToUnseen(tip.unseen);
  }
  if (tip.sha === null) {
    return { code: 'branch_missing', message: `There is no branch ${branch} in the room’s repository; push it first` };
  }
  if (tip.sha !== commit) {
    return { code: 'evidence_missing', message: `${branch} is at ${short(tip.sha)}, not at ${short(commit)}` };
  }
  const failed = checks.find(({ passed }) => !passed);
  if (failed) {
    return { code: 'checks_failed', message: `The check ${failed.name} did not pass` };
  }
  if (commits === 'unknown') {
    return objectionToUnseen('unreachable');
  }
  if (commits === 'too_many') {
    return { code: 'evidence_missing', message: `${branch} has more than ${maxCommits} commits of its own` };
  }
  if (commits.length === 0) {
    return { code: 'evidence_missing', message: `${branch} has no commits of its own` };
  }
  for (const one of commits) {
    const why = objectionToCommit(one, keys, email);
    if (why) {
      return { code: 'commit_not_signed', message: `Commit ${short(one.sha)} ${why}` };
    }
  }
  return null;
}

function objectionToCommit(commit: RepositoryCommit, keys: readonly PublicKey[], email: string): string | null {
  const verdict = verifyCommit(commit, keys);
  if (verdict.verdict !== 'good') {
    return objectionToSignature(verdict);
  }
  return commit.authorEmail === email
    ? null
    : `is authored by ${commit.authorEmail ?? 'nobody in particular'}, not by the agent, ${email}`;
}

function objectionToSignature(verdict: Exclude<SignatureVerdict, { verdict: 'good' }>): string {
  switch (verdict.verdict) {
    case 'unsigned':
      return 'is not signed';
    case 'other_key':
      return `is signed with ${verdict.fingerprint}, which is no active key of this agent`;
    case 'tampered':
      return `is not what ${verdict.fingerprint} signed`;
    case 'wrong_namespace':
      return `has a signature for “${verdict.namespace}” instead of git`;
    case 'unreadable':
      return 'has no readable SSH signature';
  }
}

const short = (sha: string): string => sha.slice(0, 10);
