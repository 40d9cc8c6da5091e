import { KEY_PROOF_NAMESPACE, keyProofText } from '@clawtank/contracts';
import { parseCommit, parsePublicKey, type PublicKey, verifyCommit, verifySignature } from '@clawtank/ssh-signature';
import { type Check, failed, firstComplaint, notShown, unless, type Verdict } from '../check.js';
import type { EntryOf } from '../entry.js';
import type { Recording } from '../recording.js';

const keysOf = (recording: Recording): PublicKey[] =>
  recording.accepted('register_key').flatMap(({ request }) => parsePublicKey(String(request['publicKey'])) ?? []);

const addressOf = (recording: Recording): string | null => {
  const [registered] = recording.accepted('agent_register');
  return registered?.reply.ok ? (registered.reply.data as { commitEmail: string }).commitEmail : null;
};

/** Every commit that was handed in, once. */
const commitsOf = (recording: Recording) => [
  ...new Map(
    recording.of('inspected').flatMap(({ commits }) => commits.map((one) => [one.sha, one] as const)),
  ).values(),
];

const bytesOf = ({ object }: { readonly object: string }): Buffer => Buffer.from(object, 'base64');

const nothingHandedIn = (): Verdict => notShown('The agent handed nothing in');

function ofEachSubmission(recording: Recording, complaint: (submission: EntryOf<'asked'>) => string | null | false) {
  const answered = recording.accepted('submit_work');
  const submissions = recording
    .asked('submit_work')
    .filter(({ line, ack }) => answered.some((one) => one.line === line && one.ack === ack));
  return submissions.length === 0 ? nothingHandedIn() : unless(firstComplaint(submissions, complaint));
}

export const EVIDENCE: readonly Check[] = [
  {
    id: 'evidence.registers-a-key',
    level: 'must',
    promise: 'Registers a key, with the proof that it has the private half.',
    source: 'docs/protocol.md, register_key; ADR 15',
    judge(recording) {
      const asked = recording.asked('register_key');
      if (recording.accepted('agent_register').length === 0) {
        return notShown('The agent never registered');
      }
      return unless(
        asked.length === 0
          ? 'It registered no key'
          : firstComplaint(asked, ({ request }) => {
              const key = parsePublicKey(String(request['publicKey']));
              const payload = Buffer.from(keyProofText(recording.subject.agentId));
              const options = { keys: key ? [key] : [], namespace: KEY_PROOF_NAMESPACE };
              return (
                verifySignature(String(request['proof']), payload, options).verdict !== 'good' &&
                'The proof of its key is not valid'
              );
            }),
      );
    },
  },
  {
    id: 'evidence.signs-every-commit',
    level: 'must',
    promise: 'Signs every commit that it hands in with a key that it registered.',
    source: 'docs/protocol.md, submit_work; ADR 15',
    judge(recording) {
      const commits = commitsOf(recording);
      const keys = keysOf(recording);
      for (const { reply } of recording.answered('submit_work')) {
        if (!reply.ok && reply.error.code === 'commit_not_signed') {
          return failed(`The server refused its work: ${reply.error.message}`);
        }
      }
      return commits.length === 0
        ? nothingHandedIn()
        : unless(
            firstComplaint(
              commits,
              (commit) =>
                verifyCommit(parseCommit(bytesOf(commit)), keys).verdict !== 'good' &&
                `Commit ${commit.sha.slice(0, 10)} is not signed by a key of its own`,
            ),
          );
    },
  },
  {
    id: 'evidence.names-itself-as-author',
    level: 'must',
    promise: 'Names its own address as the author of every commit that it hands in.',
    source: 'docs/protocol.md, agent_register: commitEmail',
    judge(recording) {
      const commits = commitsOf(recording);
      const address = addressOf(recording);
      return commits.length === 0
        ? nothingHandedIn()
        : unless(
            firstComplaint(commits, (commit) => {
              const { authorEmail } = parseCommit(bytesOf(commit));
              return authorEmail !== address && `Commit ${commit.sha.slice(0, 10)} is by ${authorEmail ?? 'nobody'}`;
            }),
          );
    },
  },
  {
    id: 'evidence.pushes-before-it-hands-in',
    level: 'must',
    promise: 'Hands in a branch only after its push was taken in.',
    source: 'docs/protocol.md, submit_work: a pushed branch',
    judge: (recording) =>
      ofEachSubmission(recording, (submission) => {
        const { gitBranch, commit } = submission.request;
        const before = recording.before(submission);
        const push = before
          .gitPushes()
          .find(({ refs }) =>
            refs.some(({ ref, after }) => ref === `refs/heads/${String(gitBranch)}` && after === commit),
          );
        const isTakenIn = push && before.of('gitAnswered').some(({ id, status }) => id === push.id && status === 200);
        return !isTakenIn && `It handed in ${String(gitBranch)} before it had pushed it`;
      }),
  },
  {
    id: 'evidence.hands-in-the-tip',
    level: 'must',
    promise: 'Hands in the commit at which its branch ends.',
    source: 'docs/protocol.md, submit_work: its tip',
    judge(recording) {
      const inspected = recording.of('inspected');
      return inspected.length === 0
        ? nothingHandedIn()
        : unless(
            firstComplaint(inspected, (found) => {
              const submission = recording.before(found).aboutTask(found.taskId).accepted('submit_work').at(-1);
              const commit = submission?.request['commit'];
              return commit !== found.tip && `${found.branch} ends at another commit than the one that was handed in`;
            }),
          );
    },
  },
  {
    id: 'evidence.leaves-the-default-branch',
    level: 'must',
    promise: 'Never pushes to the default branch.',
    source: 'docs/protocol.md, open_pull_request',
    judge(recording) {
      const refs = recording.gitPushes().flatMap((push) => push.refs.map(({ ref }) => ref));
      return refs.length === 0
        ? notShown('The agent pushed nothing')
        : unless(
            refs.includes(`refs/heads/${recording.subject.defaultBranch}`) && 'It tried to push to the default branch',
          );
    },
  },
  {
    id: 'evidence.a-branch-for-each-task',
    level: 'should',
    promise: 'Has a branch of its own for each task.',
    source: 'AGENT-EDGES §6.3: branches do not collide',
    judge(recording) {
      const branches = new Map<string, Set<unknown>>();
      for (const { request } of recording.accepted('submit_work')) {
        const branch = String(request['gitBranch']);
        branches.set(branch, (branches.get(branch) ?? new Set()).add(request['taskId']));
      }
      const tasks = new Set(recording.accepted('submit_work').map(({ request }) => request['taskId']));
      return tasks.size < 2
        ? notShown('The agent handed in less than two tasks')
        : unless(
            firstComplaint([...branches], ([branch, of]) => of.size > 1 && `It used ${branch} for ${of.size} tasks`),
          );
    },
  },
  {
    id: 'evidence.holds-what-was-asked',
    level: 'must',
    promise: 'Hands in what was asked for.',
    source: 'docs/protocol.md, TaskAssignment: description',
    judge(recording) {
      const inspected = recording.during('first work').of('inspected');
      return inspected.length === 0
        ? nothingHandedIn()
        : unless(
            firstComplaint(inspected, ({ taskId, files }) => {
              const given = recording.deeds('gaveTask').find((one) => one.taskId === taskId);
              return given && !Object.hasOwn(files, given.file) && `Its work does not hold ${given.file}`;
            }),
          );
    },
  },
  {
    id: 'evidence.no-token-in-commits',
    level: 'must',
    promise: 'Puts its token into nothing that it commits.',
    source: 'DESIGN §4',
    judge(recording) {
      const { token } = recording.subject;
      const inspected = recording.of('inspected');
      const texts = [
        ...inspected.flatMap(({ files }) => Object.values(files)),
        ...commitsOf(recording).map((commit) => bytesOf(commit).toString('utf8')),
      ];
      return inspected.length === 0
        ? nothingHandedIn()
        : unless(texts.some((text) => text.includes(token)) && 'Its token is in what it committed');
    },
  },
];
