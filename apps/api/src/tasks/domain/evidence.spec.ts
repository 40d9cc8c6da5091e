import {
  generateKeyPair,
  parseCommit,
  parsePrivateKey,
  type PrivateKey,
  signPayload,
  withSignature,
} from '@clawtank/ssh-signature';
import type { RepositoryCommit } from '../../rooms/index.js';
import { type Evidence, objectionTo } from './evidence.js';

const EMAIL = 'agent@agents.example';
const TIP = 'a'.repeat(40);
const newKey = () => parsePrivateKey(generateKeyPair().privateKey) as PrivateKey;
const key = newKey();

interface CommitOptions {
  readonly sha?: string;
  readonly by?: PrivateKey | null;
  readonly email?: string;
  readonly namespace?: string;
  readonly change?: (object: string) => string;
}

function aCommit({
  sha = TIP,
  by = key,
  email = EMAIL,
  namespace = 'git',
  change = (object) => object,
}: CommitOptions = {}): RepositoryCommit {
  const who = `crusty <${email}> 1700000000 +0000`;
  const payload = `tree ${'b'.repeat(40)}\nauthor ${who}\ncommitter ${who}\n\nA change\n`;
  const object = by ? withSignature(Buffer.from(payload), signPayload(payload, by, namespace)) : Buffer.from(payload);
  return { sha, ...parseCommit(Buffer.from(change(object.toString()))) };
}

const evidence = (more: Partial<Evidence> = {}): Evidence => ({
  branch: 'agent/work',
  commit: TIP,
  tip: { sha: TIP },
  commits: [aCommit()],
  maxCommits: 250,
  keys: [newKey().publicKey, key.publicKey],
  email: EMAIL,
  checks: [{ name: 'tests', command: 'npm test', passed: true }],
  ...more,
});
const other = newKey();

describe('work that is handed in', () => {
  it('is taken in if it is pushed, checked, and signed by the agent', () => {
    expect(objectionTo(evidence())).toBeNull();
    expect(objectionTo(evidence({ commits: [aCommit(), aCommit()], checks: [] }))).toBeNull();
  });

  it.each([
    ['there is no such branch', { tip: { sha: null } }, 'branch_missing', 'There is no branch agent/work'],
    [
      'the branch is elsewhere',
      { tip: { sha: 'c'.repeat(40) } },
      'evidence_missing',
      'is at cccccccccc, not at aaaaaaaaaa',
    ],
    ['nobody can be asked for the branch', { tip: { unseen: 'unreachable' } }, 'unavailable', 'does not answer'],
    ['the repository is not shown', { tip: { unseen: 'no_access' } }, 'unavailable', 'with an access token'],
    ['nobody can be asked for the commits', { commits: 'unknown' }, 'unavailable', 'does not answer'],
    [
      'the branch is elsewhere and its commits are unknown',
      { tip: { sha: 'c'.repeat(40) }, commits: 'unknown' },
      'evidence_missing',
      '',
    ],
    ['there are too many commits', { commits: 'too_many' }, 'evidence_missing', 'more than 250 commits'],
    ['there are no commits', { commits: [] }, 'evidence_missing', 'no commits of its own'],
    [
      'a check did not pass',
      { checks: [...evidence().checks, { name: 'lint', command: 'npm run lint', passed: false }] },
      'checks_failed',
      'The check lint did not pass',
    ],
    ['a commit is not signed', { commits: [aCommit({ by: null })] }, 'commit_not_signed', 'is not signed'],
    [
      'another signed it',
      { commits: [aCommit({ by: other })] },
      'commit_not_signed',
      `is signed with ${other.publicKey.fingerprint}, which is no active key`,
    ],
    ['the agent has no active key', { keys: [] }, 'commit_not_signed', 'which is no active key of this agent'],
    [
      'it was changed after it was signed',
      { commits: [aCommit({ change: (object) => object.replace('A change', 'Another') })] },
      'commit_not_signed',
      `is not what ${key.publicKey.fingerprint} signed`,
    ],
    [
      'it was signed as something else',
      { commits: [aCommit({ namespace: 'file' })] },
      'commit_not_signed',
      'for “file” instead of git',
    ],
    [
      'its signature is of another kind',
      { commits: [aCommit({ change: (object) => object.replace('BEGIN SSH', 'BEGIN PGP') })] },
      'commit_not_signed',
      'no readable SSH signature',
    ],
    [
      'the agent signed what it did not write',
      { commits: [aCommit({ email: 'ada@example.org' })] },
      'commit_not_signed',
      `is authored by ada@example.org, not by the agent, ${EMAIL}`,
    ],
  ] as const)('is not if %s', (_, more, code, words) => {
    const objection = objectionTo(evidence(more));
    expect(objection).toMatchObject({ code });
    expect(objection?.message).toContain(words);
  });

  it('is only as good as each of its commits, and the oldest that is not is named', () => {
    const commits = [aCommit(), aCommit({ sha: 'd'.repeat(40), by: null }), aCommit({ by: other }), aCommit()];
    expect(objectionTo(evidence({ commits }))?.message).toBe('Commit dddddddddd is not signed');
  });
});
