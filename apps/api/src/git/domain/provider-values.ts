import * as z from 'zod';
import type { ProviderAccount } from './git-fact.js';

const ZERO_SHA = /^0+$/;

/** A number or text that names something at a provider; always text here. */
export const ProviderId = z.union([z.int(), z.string()]).transform(String);

export const Sha = z.string().regex(/^[0-9a-f]{40}$/, 'A full commit id has 40 hexadecimal digits');

/** A commit id; null where git says "nothing" with zeros. */
export const ShaOrNothing = z
  .string()
  .nullish()
  .transform((sha) => (sha && !ZERO_SHA.test(sha) ? sha : null));

/** A time in whatever notation a provider uses, as ISO 8601 in UTC with a year of four digits, which is what clients read. */
export const ProviderInstant = z.string().transform((text, context) => {
  const time = new Date(text);
  if (Number.isNaN(time.getTime()) || time.getUTCFullYear() < 0 || time.getUTCFullYear() > 9999) {
    context.addIssue({ code: 'custom', message: 'Not a time' });
    return z.NEVER;
  }
  return time.toISOString();
});

/** The number of a pull request, as the database keeps it. */
export const PullRequestNumber = z.int().min(1).max(2_147_483_647);

export const Count = z.int().min(0).max(2_147_483_647).catch(0);

/** Text that may be missing. */
export const MaybeText = z
  .string()
  .nullish()
  .transform((text) => text ?? '');

/** An address to link to; anything that is not a web address is dropped, as it would end up in somebody's browser. */
export const WebAddress = z
  .url({ protocol: /^https?$/ })
  .max(2000)
  .nullable()
  .catch(null);

/** Whoever closed their account at the provider. */
export const GHOST: ProviderAccount = { id: '', login: 'ghost' };

const BRANCH = 'refs/heads/';

/** The branch of a full ref name; null for tags and everything else. */
export const branchOf = (ref: string): string | null => (ref.startsWith(BRANCH) ? ref.slice(BRANCH.length) : null);

interface CommitFiles {
  readonly added: readonly string[];
  readonly modified: readonly string[];
  readonly removed: readonly string[];
}

/** Every file that the commits touched, once. */
export const filesOf = (commits: readonly CommitFiles[]): string[] => [
  ...new Set(commits.flatMap(({ added, modified, removed }) => [...added, ...modified, ...removed])),
];

/** What of a pushed commit GitHub and GitLab write in the same way. */
export const ProviderCommit = z.object({
  id: z.string().max(64),
  message: MaybeText,
  timestamp: ProviderInstant.nullable().catch(null),
  author: z.object({ name: MaybeText, email: MaybeText }).catch({ name: '', email: '' }),
  added: z.array(z.string()).catch([]),
  modified: z.array(z.string()).catch([]),
  removed: z.array(z.string()).catch([]),
});
type ProviderCommit = z.infer<typeof ProviderCommit>;

/** A commit as a fact has it. Its author line is whatever the committer typed. */
export const commitOf = ({ id, message, timestamp, author: { name, email } }: ProviderCommit) => ({
  sha: id,
  message,
  authorClaim: name || email,
  timestamp,
});
