/** An account at a git provider. At the built-in host `id` is a person's or an agent's id here. */
export interface ProviderAccount {
  readonly id: string;
  readonly login: string;
}

/** Commits arrived on, or vanished from, a branch. */
export interface PushFact {
  readonly kind: 'push';
  readonly branch: string;
  /** Null if the branch is new. */
  readonly before: string | null;
  /** Null if the branch was deleted. */
  readonly after: string | null;
  readonly forced: boolean;
  readonly totalCommits: number;
  readonly commits: readonly {
    readonly sha: string;
    readonly message: string;
    readonly authorClaim: string;
    readonly timestamp: string | null;
  }[];
  readonly filesChanged: readonly string[];
  readonly sender: ProviderAccount;
}

/** A pull request, as it stands after something happened to it. */
export interface PullRequestFact {
  readonly kind: 'pull_request';
  /** The id it has here already; other providers number theirs in their own way. */
  readonly id: string | null;
  readonly what: 'opened' | 'updated' | 'merged' | 'closed';
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly head: string;
  readonly base: string;
  readonly headSha: string;
  readonly mergeSha: string | null;
  readonly author: ProviderAccount;
  readonly sender: ProviderAccount;
  readonly mergedBy: ProviderAccount | null;
  readonly additions: number;
  readonly deletions: number;
  readonly commits: number;
  readonly url: string | null;
  /** Only the built-in host knows it. */
  readonly taskId: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly mergedAt: string | null;
}

/** An issue, as it stands after something happened to it. */
export interface IssueFact {
  readonly kind: 'issue';
  readonly what: 'opened' | 'updated' | 'closed' | 'gone';
  /** Closed because nobody will do it, where the provider says why. */
  readonly isNotPlanned: boolean;
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
  readonly author: ProviderAccount;
  readonly sender: ProviderAccount;
  /** The labels that the sender has just put on it. */
  readonly newLabels: readonly string[];
  /** The accounts, by their names, that the sender has just asked to do it. */
  readonly newAssignees: readonly string[];
  readonly url: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** What a delivery says happened, in the same words for every provider. */
export type GitFact = PushFact | PullRequestFact | IssueFact;
