import * as z from 'zod';
import type { GitFact, IssueFact, PullRequestFact, PushFact } from './git-fact.js';
import {
  branchOf,
  commitOf,
  Count,
  filesOf,
  GHOST,
  MaybeText,
  ProviderCommit,
  ProviderId,
  ProviderInstant,
  PullRequestNumber,
  Sha,
  ShaOrNothing,
  WebAddress,
} from './provider-values.js';

const Account = z
  .object({ id: ProviderId.nullable().transform((id) => id ?? ''), login: z.string() })
  .nullish()
  .transform((account) => account ?? GHOST);

const Push = z.object({
  ref: z.string(),
  before: ShaOrNothing,
  after: ShaOrNothing,
  forced: z.boolean().catch(false),
  commits: z.array(ProviderCommit),
  distinct_size: z.int().min(0).optional().catch(undefined),
  sender: Account,
});

const Side = z.object({
  ref: z.string(),
  label: z.string().nullish(),
  repo: z.object({ id: ProviderId }).nullish(),
});

const PullRequest = z.object({
  action: z.string(),
  sender: Account,
  pull_request: z.object({
    number: PullRequestNumber,
    title: z.string(),
    body: MaybeText,
    state: z.enum(['open', 'closed']),
    merged: z.boolean().nullish(),
    merged_at: ProviderInstant.nullish(),
    merge_commit_sha: ShaOrNothing,
    merged_by: Account.nullish(),
    user: Account,
    head: Side.extend({ sha: Sha }),
    base: Side,
    additions: Count,
    deletions: Count,
    commits: Count,
    html_url: WebAddress,
    created_at: ProviderInstant,
    updated_at: ProviderInstant,
  }),
});
type PullRequest = z.infer<typeof PullRequest>;

const Label = z.object({ name: z.string() });

const Issues = z.object({
  action: z.string(),
  sender: Account,
  label: Label.nullish(),
  assignee: Account,
  issue: z.object({
    number: PullRequestNumber,
    title: z.string(),
    body: MaybeText,
    state: z.enum(['open', 'closed']).catch('open'),
    state_reason: z.string().catch(''),
    labels: z.array(Label).catch([]),
    user: Account,
    html_url: WebAddress,
    created_at: ProviderInstant,
    updated_at: ProviderInstant,
  }),
});

/** The actions after which an issue may look different in the room, or somebody may have asked for it. */
const ISSUE_ACTIONS = [
  ...['opened', 'reopened', 'edited', 'closed', 'deleted', 'transferred'],
  ...['labeled', 'unlabeled', 'assigned'],
];

/** Why an issue is closed without being done. */
const NOT_PLANNED = ['not_planned', 'duplicate'];

/** The actions after which a pull request may look different in the room. */
const ACTIONS = ['opened', 'reopened', 'synchronize', 'edited', 'ready_for_review', 'closed'];

/** What a GitHub delivery says happened; nothing for what rooms do not show. Throws a ZodError for a payload it cannot read. */
export function normaliseGithub(event: string, payload: unknown): GitFact[] {
  switch (event) {
    case 'push':
      return pushFacts(Push.parse(payload));
    case 'pull_request':
      return isAbout(ACTIONS, payload) ? [pullRequestFact(PullRequest.parse(payload))] : [];
    case 'issues':
      return isAbout(ISSUE_ACTIONS, payload) ? [issueFact(Issues.parse(payload))] : [];
    default:
      return [];
  }
}

const isAbout = (actions: readonly string[], payload: unknown): boolean => {
  const { action } = z.object({ action: z.string() }).parse(payload);
  return actions.includes(action);
};

function pushFacts({ ref, before, after, forced, commits, distinct_size, sender }: z.infer<typeof Push>): PushFact[] {
  const branch = branchOf(ref);
  return branch === null
    ? []
    : [
        {
          kind: 'push',
          branch,
          before,
          after,
          forced,
          totalCommits: distinct_size ?? commits.length,
          commits: commits.map(commitOf),
          filesChanged: filesOf(commits),
          sender,
        },
      ];
}

function pullRequestFact({ action, sender, pull_request: pull }: PullRequest): PullRequestFact {
  const isMerged = pull.state === 'closed' && (pull.merged === true || pull.merged_at != null);
  return {
    kind: 'pull_request',
    id: null,
    what: isMerged ? 'merged' : pull.state === 'closed' ? 'closed' : whatOf(action),
    number: pull.number,
    title: pull.title,
    body: pull.body,
    head: headOf(pull),
    base: pull.base.ref,
    headSha: pull.head.sha,
    // Before the merge this is GitHub's own trial merge, which is on no branch.
    mergeSha: isMerged ? pull.merge_commit_sha : null,
    author: pull.user,
    sender,
    mergedBy: isMerged && pull.merged_by ? pull.merged_by : null,
    additions: pull.additions,
    deletions: pull.deletions,
    commits: pull.commits,
    url: pull.html_url,
    taskId: null,
    createdAt: pull.created_at,
    updatedAt: pull.updated_at,
    mergedAt: isMerged ? (pull.merged_at ?? pull.updated_at) : null,
  };
}

function issueFact({ action, sender, label, assignee, issue }: z.infer<typeof Issues>): IssueFact {
  const isGone = action === 'deleted' || action === 'transferred';
  return {
    kind: 'issue',
    what: isGone ? 'gone' : issue.state === 'closed' ? 'closed' : whatOf(action),
    isNotPlanned: NOT_PLANNED.includes(issue.state_reason),
    number: issue.number,
    title: issue.title,
    body: issue.body,
    labels: issue.labels.map(({ name }) => name),
    author: issue.user,
    sender,
    newLabels: action === 'labeled' && label ? [label.name] : [],
    newAssignees: action === 'assigned' ? [assignee.login] : [],
    url: issue.html_url,
    createdAt: issue.created_at,
    updatedAt: issue.updated_at,
  };
}

const whatOf = (action: string): 'opened' | 'updated' =>
  action === 'opened' || action === 'reopened' ? 'opened' : 'updated';

/** A branch of a fork goes by its owner too, since the repository may have one of the same name. */
const headOf = ({ head, base }: PullRequest['pull_request']): string =>
  head.label && head.repo?.id !== base.repo?.id ? head.label : head.ref;
