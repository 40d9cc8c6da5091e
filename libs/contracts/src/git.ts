import * as z from 'zod';
import { AutoMerge } from './auto-merge.js';
import { Actor, BranchName, CommandId, CommitSha, Id, Instant, OptionalText, Text } from './primitives.js';
import { RepositoryView } from './rooms.js';

export const ChangedFile = z
  .object({
    path: z.string(),
    previousPath: z.string().nullable(),
    status: z.enum(['added', 'modified', 'removed', 'renamed']),
    additions: z.int(),
    deletions: z.int(),
    binary: z.boolean(),
  })
  .meta({ id: 'ChangedFile' });
export type ChangedFile = z.infer<typeof ChangedFile>;

/** What git said when it was asked to merge head into base. */
export const Mergeability = z
  .object({ state: z.enum(['clean', 'conflict', 'up_to_date', 'unknown']), conflicts: z.array(z.string()) })
  .meta({ id: 'Mergeability' });
export type Mergeability = z.infer<typeof Mergeability>;

export const PullRequest = z
  .object({
    id: Id,
    roomId: Id,
    number: z.int(),
    provider: z.enum(['clawtank', 'github', 'gitlab']),
    title: z.string(),
    body: z.string(),
    state: z.enum(['open', 'merged', 'closed']),
    head: z.string(),
    base: z.string(),
    headSha: z.string(),
    mergeSha: z.string().nullable(),
    author: Actor,
    taskId: Id.nullable(),
    url: z.string().nullable(),
    files: z.array(ChangedFile),
    additions: z.int(),
    deletions: z.int(),
    commits: z.int(),
    mergeability: Mergeability,
    mergedBy: Actor.nullable(),
    /** What came of merging it without anybody pressing the button; null if nothing was tried for this head. */
    autoMerge: AutoMerge.nullable(),
    createdAt: Instant,
    updatedAt: Instant,
    mergedAt: Instant.nullable(),
  })
  .meta({ id: 'PullRequest' });
export type PullRequest = z.infer<typeof PullRequest>;

/** An issue of the repository that the room works on, as its provider tells of it. Its words are a stranger's, who may be anybody. */
export const Issue = z
  .object({
    id: Id,
    roomId: Id,
    provider: z.enum(['github', 'gitlab']),
    number: z.int(),
    /** Empty once the issue is gone. */
    title: z.string(),
    /** `gone`: deleted at the provider, or moved to another repository. */
    state: z.enum(['open', 'closed', 'gone']),
    labels: z.array(z.string()),
    author: Actor,
    url: z.string().nullable(),
    createdAt: Instant,
    updatedAt: Instant,
  })
  .meta({ id: 'Issue' });
export type Issue = z.infer<typeof Issue>;

export const TakeIssue = z
  .object({
    roomId: Id,
    issueId: Id,
    /** Whom the task is given to; otherwise it is open to every agent. */
    agentId: Id.optional(),
    commandId: CommandId.optional(),
  })
  .meta({ id: 'TakeIssue' });
export type TakeIssue = z.infer<typeof TakeIssue>;

export const PushedCommit = z.object({
  sha: z.string(),
  message: z.string(),
  /** An author line is a claim: whoever commits writes it. */
  authorClaim: z.string(),
  timestamp: Instant.nullable(),
});
export type PushedCommit = z.infer<typeof PushedCommit>;

export const Push = z
  .object({
    branch: z.string(),
    before: z.string().nullable(),
    after: z.string().nullable(),
    forced: z.boolean(),
    totalCommits: z.int(),
    commits: z.array(PushedCommit),
    filesChanged: z.array(z.string()),
  })
  .meta({ id: 'Push' });
export type Push = z.infer<typeof Push>;

export const OpenPullRequest = z
  .object({
    roomId: Id,
    title: Text(200),
    head: BranchName,
    body: OptionalText(10_000).default(''),
    taskId: Id.optional(),
    commandId: CommandId.optional(),
  })
  .meta({ id: 'OpenPullRequest' });
export type OpenPullRequest = z.infer<typeof OpenPullRequest>;

export const MergePullRequest = z
  .object({
    headSha: CommitSha.meta({ description: 'The exact commit that was looked at; a newer push refuses the merge.' }),
  })
  .meta({ id: 'MergePullRequest' });
export type MergePullRequest = z.infer<typeof MergePullRequest>;

export const FileDiff = ChangedFile.extend({ patch: z.string(), truncated: z.boolean() }).meta({ id: 'FileDiff' });
export type FileDiff = z.infer<typeof FileDiff>;

export const PullRequestDiff = z
  .object({ headSha: z.string(), files: z.array(FileDiff), truncated: z.boolean() })
  .meta({ id: 'PullRequestDiff' });
export type PullRequestDiff = z.infer<typeof PullRequestDiff>;

/** What a branch has that the default branch has not, whether or not anybody proposed it yet. The newest commits, oldest first. */
export const BranchDiff = PullRequestDiff.extend({ commits: z.array(PushedCommit), totalCommits: z.int() }).meta({
  id: 'BranchDiff',
});
export type BranchDiff = z.infer<typeof BranchDiff>;

export const ConnectRepository = z
  .object({
    provider: z.enum(['github', 'gitlab']),
    /** The provider's own number of the repository (GitHub: repository id; GitLab: project id). */
    repoId: z.string().regex(/^\d{1,20}$/, 'Use the provider’s numeric repository id'),
    /** `owner/name`. */
    fullName: z
      .string()
      .min(3)
      .max(300)
      .regex(/^(?!.*(?:^|\/)\.{1,2}(?:\/|$))[\w.-]+(?:\/[\w.-]+)+$/, 'Write it as owner/name'),
    defaultBranch: BranchName.default('main'),
    /** Kept encrypted; used by the room only. */
    accessToken: z.string().min(1).max(500).optional(),
  })
  .meta({ id: 'ConnectRepository' });
export type ConnectRepository = z.infer<typeof ConnectRepository>;

export const ConnectedRepository = z
  .object({
    provider: z.enum(['github', 'gitlab']),
    repoId: z.string(),
    webhookUrl: z.string(),
    webhookSecret: z.string().meta({ description: 'Shown this once; enter it with the address at the provider.' }),
  })
  .meta({ id: 'ConnectedRepository' });
export type ConnectedRepository = z.infer<typeof ConnectedRepository>;

/** Which repository the room works on, for those who configure it. Secrets are never shown again. */
export const RepositoryConnection = z
  .object({
    repository: RepositoryView,
    fullName: z.string(),
    /** Where the provider has to deliver; null for the hosted repository, which does so by itself. */
    webhookUrl: z.string().nullable(),
    connectedAt: Instant,
  })
  .meta({ id: 'RepositoryConnection' });
export type RepositoryConnection = z.infer<typeof RepositoryConnection>;

export const WebhookAccepted = z
  .object({ accepted: z.literal(true), delivery: z.string(), duplicate: z.boolean() })
  .meta({ id: 'WebhookAccepted' });
export type WebhookAccepted = z.infer<typeof WebhookAccepted>;

export const ActiveFile = z.object({ path: z.string(), by: Actor, at: Instant });
export type ActiveFile = z.infer<typeof ActiveFile>;
