import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { GIT_NAMESPACE, withSignature } from '@clawtank/ssh-signature';
import type { AgentKey } from './agent-keys.js';

const run = promisify(execFile);

/** Who commits, and what is said about it. */
export interface CommitWords {
  /** The name in the commit, for people to read. */
  readonly name: string;
  /** The agent's own address: `commitEmail` of `AgentSelf`. The server takes work in under no other. */
  readonly email: string;
  readonly message: string;
  /** Lines such as `ClawTank-Task: …` that end the message. */
  readonly trailers?: Readonly<Record<string, string>>;
}

export interface SignedCommit extends CommitWords {
  /** The folder of the worktree. */
  readonly worktree: string;
  readonly key: AgentKey;
  readonly signal?: AbortSignal;
}

/**
 * Commits all that was changed in a worktree, signed by the agent's key, and moves its branch there. Answers the new tip, or null if
 * there is nothing to commit. It needs git, but no ssh-keygen; no hook runs, and nobody's own settings for signing matter.
 */
export async function signedCommit({ worktree, key, signal, ...words }: SignedCommit): Promise<string | null> {
  const git = (args: readonly string[], input?: Buffer) => runGit(worktree, args, input, signal);
  const head = await git(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']).catch(() => null);
  await git(['add', '--all']);
  const tree = await git(['write-tree']);
  if (head && tree === (await git(['rev-parse', `${head}^{tree}`]))) {
    return null;
  }
  const object = signedCommitObject({ ...words, tree, parents: head ? [head] : [], at: new Date() }, key);
  const commit = await git(['hash-object', '-t', 'commit', '-w', '--stdin'], object);
  await git(['update-ref', 'HEAD', commit, head ?? '']); // fails if somebody else moved the branch meanwhile
  return commit;
}

export interface CommitContent extends CommitWords {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly at: Date;
}

/** A signed commit as `git hash-object -t commit` takes it, for those who have a tree and its parents already. */
export function signedCommitObject({ tree, parents, at, ...words }: CommitContent, key: AgentKey): Buffer {
  const who = `${clean(words.name) || 'Unnamed'} <${clean(words.email)}> ${Math.floor(at.getTime() / 1000)} +0000`;
  const payload = [
    `tree ${tree}`,
    ...parents.map((parent) => `parent ${parent}`),
    `author ${who}`,
    `committer ${who}`,
    '',
    withTrailers(words),
  ].join('\n');
  return withSignature(Buffer.from(payload), key.sign(payload, GIT_NAMESPACE));
}

function withTrailers({ message, trailers = {} }: CommitWords): string {
  const lines = Object.entries(trailers).map(([name, value]) => `${name}: ${clean(value)}`);
  const paragraphs = [message.replaceAll('\0', '').trim(), lines.join('\n')].filter((text) => text !== '');
  return `${paragraphs.join('\n\n')}\n`;
}

/** What may stand in one line of a commit. */
function clean(text: string): string {
  return text.replace(/[\p{Cc}<>]+/gu, ' ').trim();
}

async function runGit(cwd: string, args: readonly string[], input?: Buffer, signal?: AbortSignal): Promise<string> {
  const running = run('git', ['-c', 'core.hooksPath=/dev/null', ...args], { cwd, env: environment(), signal });
  running.child.stdin?.on('error', () => undefined); // git that ends early does not read its input; its own error says why
  running.child.stdin?.end(input);
  return (await running).stdout.trim();
}

/** Without what a git that started us says of its own repository. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'));
  return { ...Object.fromEntries(kept), LC_ALL: 'C' };
}
