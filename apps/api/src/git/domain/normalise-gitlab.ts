import * as z from 'zod';
import type { GitFact, IssueFact, ProviderAccount, PullRequestFact, PushFact } from './git-fact.js';
import {
  branchOf,
  commitOf,
  filesOf,
  MaybeText,
  ProviderCommit,
  ProviderId,
  ProviderInstant,
  PullRequestNumber,
  Sha,
  ShaOrNothing,
  WebAddress,
} from './provider-values.js';

const Push = z.object({
  ref: z.string(),
  before: ShaOrNothing,
  after: ShaOrNothing,
  user_id: ProviderId,
  user_username: MaybeText,
  user_name: MaybeText,
  commits: z.array(ProviderCommit),
  total_commits_count: z.int().min(0).optional().catch(undefined),
});

const Person = z.object({ id: ProviderId, username: z.string() });

/** What merge requests and issues are described by alike. */
const DESCRIBED = {
  iid: PullRequestNumber,
  action: z.string(),
  title: z.string(),
  description: MaybeText,
  state: z.string(),
  author_id: ProviderId,
  url: WebAddress,
  created_at: ProviderInstant,
  updated_at: ProviderInstant,
};

const MergeRequest = z.object({
  user: Person,
  assignees: z.array(Person).catch([]),
  reviewers: z.array(Person).catch([]),
  object_attributes: z.object({
    ...DESCRIBED,
    source_branch: z.string(),
    source_project_id: ProviderId.optional().catch(undefined),
    target_branch: z.string(),
    target_project_id: ProviderId.optional().catch(undefined),
    last_commit: z.object({ id: Sha }),
    merge_commit_sha: ShaOrNothing,
  }),
});
type MergeRequest = z.infer<typeof MergeRequest>;

const Label = z.object({ title: z.string() });
const Changed = <Value extends z.ZodType>(value: Value) =>
  z.object({ previous: z.array(value).catch([]), current: z.array(value).catch([]) }).optional();

const Issue = z.object({
  user: Person,
  assignees: z.array(Person).catch([]),
  labels: z.array(Label).catch([]),
  changes: z.object({ labels: Changed(Label), assignees: Changed(Person) }).catch({}),
  object_attributes: z.object({
    ...DESCRIBED,
    confidential: z.boolean().catch(false),
  }),
});

/** The actions after which an issue may look different in the room, or somebody may have asked for it. */
const ISSUE_ACTIONS = ['open', 'reopen', 'update', 'close'];

/** The actions after which a merge request may look different in the room; approvals and the like are not among them. */
const ACTIONS = ['open', 'reopen', 'update', 'close', 'merge'];

const Kind = z.object({
  object_kind: z.string().optional(),
  object_attributes: z.object({ action: z.string().optional() }).optional(),
});

/** What a GitLab delivery says happened; nothing for what rooms do not show. Throws a ZodError for a payload it cannot read. */
export function normaliseGitlab(payload: unknown): GitFact[] {
  const { object_kind: kind, object_attributes: attributes } = Kind.parse(payload);
  switch (kind) {
    case 'push':
      return pushFacts(Push.parse(payload));
    case 'merge_request':
      return ACTIONS.includes(attributes?.action ?? '') ? [mergeRequestFact(MergeRequest.parse(payload))] : [];
    case 'issue':
      return ISSUE_ACTIONS.includes(attributes?.action ?? '') ? issueFacts(Issue.parse(payload)) : [];
    default:
      return [];
  }
}

function pushFacts(push: z.infer<typeof Push>): PushFact[] {
  const { ref, before, after, commits, total_commits_count: total } = push;
  const branch = branchOf(ref);
  return branch === null
    ? []
    : [
        {
          kind: 'push',
          branch,
          before,
          after,
          forced: false, // GitLab does not say
          totalCommits: total ?? commits.length,
          commits: commits.map(commitOf),
          filesChanged: filesOf(commits),
          sender: { id: push.user_id, login: push.user_username || push.user_name },
        },
      ];
}

/** A branch of a fork is not the branch of that name here. */
const headOf = (request: MergeRequest['object_attributes']): string =>
  request.source_project_id === request.target_project_id
    ? request.source_branch
    : `${request.source_project_id ?? ''}:${request.source_branch}`;

function mergeRequestFact(payload: MergeRequest): PullRequestFact {
  const { user, object_attributes: request } = payload;
  const sender = accountOf(user);
  const isMerged = request.state === 'merged';
  return {
    kind: 'pull_request',
    id: null,
    what: isMerged ? 'merged' : request.state === 'closed' ? 'closed' : whatOf(request.action),
    number: request.iid,
    title: request.title,
    body: request.description,
    head: headOf(request),
    base: request.target_branch,
    headSha: request.last_commit.id,
    mergeSha: isMerged ? request.merge_commit_sha : null,
    author: authorOf(payload),
    sender,
    mergedBy: request.action === 'merge' ? sender : null,
    additions: 0, // GitLab does not count
    deletions: 0,
    commits: 0,
    url: request.url,
    taskId: null,
    createdAt: request.created_at,
    updatedAt: request.updated_at,
    mergedAt: isMerged ? request.updated_at : null,
  };
}

/** Nothing of a confidential issue: not everybody in the room may know of it. */
function issueFacts(payload: z.infer<typeof Issue>): IssueFact[] {
  const { user, labels, changes, object_attributes: issue } = payload;
  if (issue.confidential) {
    return [];
  }
  return [
    {
      kind: 'issue',
      what: issue.state === 'closed' ? 'closed' : whatOf(issue.action),
      isNotPlanned: false,
      number: issue.iid,
      title: issue.title,
      body: issue.description,
      labels: labels.map(({ title }) => title),
      author: authorOf({ ...payload, reviewers: [] }),
      sender: accountOf(user),
      newLabels: added(changes.labels, ({ title }) => title),
      newAssignees: added(changes.assignees, ({ username }) => username),
      url: issue.url,
      createdAt: issue.created_at,
      updatedAt: issue.updated_at,
    },
  ];
}

function added<Item>(
  change: { readonly previous: readonly Item[]; readonly current: readonly Item[] } | undefined,
  nameOf: (item: Item) => string,
): string[] {
  const before = new Set(change?.previous.map(nameOf));
  return (change?.current ?? []).map(nameOf).filter((name) => !before.has(name));
}

const whatOf = (action: string): 'opened' | 'updated' =>
  action === 'open' || action === 'reopen' ? 'opened' : 'updated';

const accountOf = ({ id, username }: z.infer<typeof Person>): ProviderAccount => ({ id, login: username });

/** GitLab names the author by number only; the name is there if they are among the people of the delivery. */
function authorOf({
  user,
  assignees,
  reviewers,
  object_attributes: { author_id: id },
}: Pick<MergeRequest, 'user' | 'assignees' | 'reviewers'> & {
  readonly object_attributes: Pick<MergeRequest['object_attributes'], 'author_id'>;
}): ProviderAccount {
  const known = [user, ...assignees, ...reviewers].find((person) => person.id === id);
  return known ? accountOf(known) : { id, login: `GitLab user ${id}` };
}
