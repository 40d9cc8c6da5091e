import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { AgentKeyStore, Git, signedCommitObject } from '@clawtank/agent-sdk';
import { parseCommit, parsePublicKey, verifyCommit } from '@clawtank/ssh-signature';
import { type Finding, isAtLeast } from './findings.js';

const run = promisify(execFile);

const NODE: readonly [number, number] = [20, 0];
/** The first that takes configuration from the environment, which is how it is told the token. */
const GIT: readonly [number, number] = [2, 31];

export function examineNode(version: string): Finding {
  return isAtLeast(version, NODE)
    ? { about: 'Node', state: 'ok', what: version }
    : { about: 'Node', state: 'wrong', what: version, remedy: 'Install Node 20 or newer from https://nodejs.org' };
}

export async function examineGit(): Promise<Finding> {
  const remedy = `Install git ${GIT.join('.')} or newer from https://git-scm.com`;
  try {
    const { stdout } = await run('git', ['--version']);
    const what = stdout.trim();
    return isAtLeast(what, GIT) ? { about: 'git', state: 'ok', what } : { about: 'git', state: 'wrong', what, remedy };
  } catch (error) {
    return { about: 'git', state: 'wrong', what: (error as Error).message, remedy };
  }
}

/** Makes a key and a repository, signs a commit, and verifies what git has kept of it: all that happens to an agent's work. */
export async function examineSigning(dataFolder: string): Promise<Finding> {
  const about = 'Signing';
  try {
    await mkdir(dataFolder, { recursive: true, mode: 0o700 });
    const folder = await mkdtemp(join(dataFolder, 'doctor-'));
    try {
      return (await isSignedWell(folder))
        ? { about, state: 'ok', what: `a commit was signed and verified in ${dataFolder}` }
        : { about, state: 'wrong', what: 'a commit was signed, but git kept something else', remedy: 'Report this' };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  } catch (error) {
    const remedy = `See to it that you may write to ${dataFolder}, or name another folder by --data`;
    return { about, state: 'wrong', what: (error as Error).message, remedy };
  }
}

async function isSignedWell(folder: string): Promise<boolean> {
  const git = new Git(folder);
  const key = await new AgentKeyStore(join(folder, 'keys')).keyOf('doctor');
  await git.run(['init', '--quiet']);
  const tree = await git.run(['write-tree']);
  const words = { name: 'Doctor', email: 'doctor@localhost', message: 'Sign something', trailers: {} };
  const input = signedCommitObject({ ...words, tree, parents: [], at: new Date() }, key);
  const commit = await git.run(['hash-object', '-t', 'commit', '-w', '--stdin'], { input });
  // Git's own output ends without the line feed that ends the message.
  const kept = Buffer.from(`${await git.run(['cat-file', 'commit', commit])}\n`);
  const publicKey = parsePublicKey(key.publicKey);
  return publicKey !== null && verifyCommit(parseCommit(kept), [publicKey]).verdict === 'good';
}
