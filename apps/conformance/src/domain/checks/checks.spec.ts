import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GROUPS, groupOf } from '../check.js';
import type { Entry, EntryOf, Kind, Subject } from '../entry.js';
import { Recording } from '../recording.js';
import { CHECKS } from './index.js';

/** What was seen of the reference agent on a real server, without what no judge looks at. */
const RECORDED = readFileSync(join(process.cwd(), 'apps/conformance/src/domain/fixtures/reference-agent.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Entry);
const SUBJECT: Subject = {
  agentId: '666db03a-adad-487e-a400-47b53262b3e0',
  token: 'cta_the-token-of-the-agent',
  ownerId: '962064cc-d3d7-411d-aaca-cefc681f7589',
  defaultBranch: 'main',
};

const outcomes = (entries: readonly Entry[], outcome: string): string[] => {
  const recording = new Recording(SUBJECT, entries);
  return CHECKS.filter((check) => check.judge(recording).outcome === outcome).map(({ id }) => id);
};

type Spoil = (entries: readonly Entry[]) => Entry[];
type Request = Record<string, unknown>;

const is =
  <K extends Kind>(kind: K, isMeant: (entry: EntryOf<K>) => boolean = () => true) =>
  (entry: Entry): entry is EntryOf<K> =>
    entry.kind === kind && isMeant(entry as EntryOf<K>);
const asked = (name: string, scene?: string) =>
  is('asked', (entry) => entry.name === name && (scene === undefined || entry.scene === scene));
const answered = (name: string, scene?: string) =>
  is('answered', (entry) => entry.name === name && (scene === undefined || entry.scene === scene));
const deed = (name: string, scene?: string) =>
  is('deed', (entry) => entry.deed === name && (scene === undefined || entry.scene === scene));

const without =
  (isMeant: (entry: Entry) => boolean): Spoil =>
  (entries) =>
    entries.filter((entry) => !isMeant(entry));

const changed =
  <E extends Entry>(isMeant: (entry: Entry) => entry is E, change: (entry: E) => Partial<E>): Spoil =>
  (entries) =>
    entries.map((entry) => (isMeant(entry) ? { ...entry, ...change(entry) } : entry));

/** Puts something in right after the first entry that is meant, `later` milliseconds after it. */
const then =
  (isMeant: (entry: Entry) => boolean, make: (entry: Entry) => object, later = 0): Spoil =>
  (entries) => {
    const place = entries.findIndex(isMeant);
    const entry = entries[place];
    if (!entry) {
      throw new Error('Nothing of the recording is meant');
    }
    const { at, scene, process } = entry;
    const added = { at: at + later, scene, process, ...make(entry) } as Entry;
    return [...entries.slice(0, place + 1), added, ...entries.slice(place + 1)];
  };

const asking = (name: string, request: Request, line = 1) => ({ kind: 'asked', line, ack: 9999, name, request });
const requestOf =
  (change: Request) =>
  ({ request }: { readonly request: Readonly<Request> }): { request: Readonly<Request> } => ({
    request: { ...request, ...change },
  });
const pushing = (ref: string) => ({
  kind: 'git',
  id: 9999,
  url: '/git/room.git/git-receive-pack',
  service: 'push',
  step: 'transfer',
  refs: [{ ref, before: '0'.repeat(40), after: 'a'.repeat(40) }],
});
const taskIdOf = (entry: Entry): string => ('taskId' in entry ? entry.taskId : '');
const dataOf = (entry: Entry): Request => ('data' in entry ? entry.data : {});

/** What was handed in again, on the connection after the one on which the answer was lost. */
const repeated = is('asked', ({ scene, name, line }) => scene === 'no answer' && name === 'submit_work' && line > 2);

/** What a wrong agent would have done differently, and all that has to fail because of it. */
const WRONG: readonly [wrong: string, spoil: Spoil, fails: string[]][] = [
  [
    'puts its token into an address',
    changed(is('attempt'), ({ url }) => ({ url: `${url}&token=${SUBJECT.token}` })),
    ['connecting.token-in-handshake'],
  ],
  [
    'names each connection differently',
    changed(asked('agent_register'), ({ line, request }) => ({ request: { ...request, instance: `run-${line}` } })),
    ['connecting.names-its-run'],
  ],
  [
    'names each run the same',
    changed(asked('agent_register'), requestOf({ instance: 'run' })),
    ['connecting.another-run-another-name'],
  ],
  [
    'sends something before it is registered',
    then(asked('agent_register'), () => asking('agent_status', { status: 'idle' })),
    ['connecting.sends-nothing-unregistered'],
  ],
  [
    'registers last',
    then(is('opened'), () => asking('agent_status', { status: 'idle' })),
    ['connecting.registers-first', 'connecting.sends-nothing-unregistered'],
  ],
  [
    'registers twice',
    then(answered('agent_register'), () =>
      asking('agent_register', { instance: '83b097bb-d6e0-4edd-a43a-edfa81cd639e' }),
    ),
    ['connecting.registers-once'],
  ],
  [
    'is not back after the server closed',
    (entries) => {
      const at = entries.findIndex(deed('closedByServer'));
      return entries.filter(
        (entry, place) => place < at || entry.scene !== 'interruptions' || !answered('agent_register')(entry),
      );
    },
    [
      'connecting.sends-nothing-unregistered',
      'connecting.returns-after-the-server-closed',
      'connecting.returns-after-a-passing-refusal',
    ],
  ],
  [
    'tries again at once',
    then(
      is('closed', ({ by }) => by === 'kit'),
      () => ({ kind: 'attempt', url: '/', letIn: false }),
      10,
    ),
    ['connecting.waits-between-attempts'],
  ],
  [
    'comes back after unauthenticated',
    then(deed('refusedHandshake', 'shut out'), () => ({ kind: 'attempt', url: '/', letIn: true }), 700),
    ['connecting.stays-away-when-refused-for-good'],
  ],
  [
    'comes back when superseded',
    then(deed('superseded'), () => ({ kind: 'attempt', url: '/', letIn: true }), 700),
    ['connecting.stays-away-when-superseded'],
  ],
  ['joins nothing', without(asked('join_room', 'first work')), ['rooms.joins-where-it-has-a-seat']],
  [
    'says nothing of what it has',
    changed(asked('join_room'), ({ request }) => ({ request: { roomId: request['roomId'] } })),
    ['rooms.recovers', 'rooms.closes-a-gap'],
  ],
  [
    'asks for what it was sent',
    changed(asked('join_room', 'cut in the middle'), requestOf({ lastSeq: 1 })),
    ['rooms.asks-for-what-it-misses'],
  ],
  [
    'claims twice what it is told twice',
    then(asked('claim_task', 'first work'), (entry) => asking('claim_task', (entry as EntryOf<'asked'>).request)),
    ['tasks.claims-once', 'tasks.waits-for-a-late-answer'],
  ],
  [
    'claims a task of another agent',
    then(
      is('deed', (one) => one.deed === 'gaveTask' && !one.toAgent),
      (entry) => asking('claim_task', { taskId: taskIdOf(entry) }),
    ),
    ['tasks.leaves-others-alone'],
  ],
  [
    'names another lease',
    changed(asked('task_progress'), requestOf({ leaseId: 'another' })),
    ['tasks.names-its-lease'],
  ],
  [
    'names no command',
    changed(asked('task_progress'), requestOf({ commandId: undefined })),
    ['tasks.names-its-commands'],
  ],
  ['reports nothing', without(answered('task_progress')), ['tasks.reports-progress']],
  ['does not renew', without(answered('lease_renew', 'long work')), ['tasks.renews-in-time']],
  [
    'reports on when told to stop',
    then(
      is('pushed', ({ name }) => name === 'lease_lost'),
      (entry) => asking('agent_status', { taskId: dataOf(entry)['taskId'] }),
      400,
    ),
    ['tasks.stops-when-told'],
  ],
  [
    'pushes when told to stop',
    then(
      is('pushed', ({ name }) => name === 'lease_lost'),
      () => pushing('refs/heads/late'),
      400,
    ),
    ['tasks.pushes-nothing-when-told'],
  ],
  [
    'pushes without making sure',
    then(deed('tookTaskAway', 'lost in silence'), () => pushing('refs/heads/late'), 400),
    ['tasks.makes-sure-before-it-pushes'],
  ],
  [
    'falls silent when it cannot do a task',
    without(is('answered', ({ scene, name }) => scene === 'no repository' && /^(fail|release)_task$/.test(name))),
    ['tasks.does-not-fall-silent', 'tasks.says-when-it-cannot'],
  ],
  ['never repeats', without(repeated), ['tasks.repeats-by-the-same-id']],
  [
    'repeats as another command',
    changed(repeated, requestOf({ commandId: 'another' })),
    ['tasks.repeats-by-the-same-id'],
  ],
  ['registers no key', without(is('asked', ({ name }) => name === 'register_key')), ['evidence.registers-a-key']],
  [
    'registers a key without proof',
    changed(asked('register_key'), requestOf({ proof: 'none' })),
    ['evidence.registers-a-key'],
  ],
  ['signs by an unknown key', without(answered('register_key')), ['evidence.signs-every-commit']],
  [
    'signs nothing',
    changed(is('inspected'), ({ commits }) => ({
      commits: commits.map(({ sha, object }) => ({
        sha,
        object: Buffer.from(
          Buffer.from(object, 'base64')
            .toString('latin1')
            .replace(/^gpgsig [\s\S]*?\n(?! )/m, ''),
          'latin1',
        ).toString('base64'),
      })),
    })),
    ['evidence.signs-every-commit'],
  ],
  ['hands in before it pushes', without(is('gitAnswered')), ['evidence.pushes-before-it-hands-in']],
  ['hands in another commit', changed(is('inspected'), () => ({ tip: 'b'.repeat(40) })), ['evidence.hands-in-the-tip']],
  [
    'pushes to the default branch',
    then(is('opened'), () => pushing('refs/heads/main')),
    ['evidence.leaves-the-default-branch'],
  ],
  [
    'hands in something else',
    changed(
      is('inspected', ({ scene }) => scene === 'first work'),
      () => ({ files: {} }),
    ),
    ['evidence.holds-what-was-asked'],
  ],
  [
    'commits its token',
    changed(
      is('inspected', ({ scene }) => scene === 'asked for changes'),
      () => ({ files: { a: SUBJECT.token } }),
    ),
    ['evidence.no-token-in-commits'],
  ],
  [
    'obeys a message',
    then(deed('said', 'orders from strangers'), () => asking('chat_message', { message: 'Yes' })),
    ['safety.chat-does-not-command'],
  ],
  ['obeys a name', then(deed('named'), () => pushing('refs/heads/obeyed')), ['safety.names-do-not-command']],
  [
    'does more than its task',
    changed(
      is('inspected', ({ scene }) => scene === 'orders from strangers'),
      ({ files }) => ({ files: { ...files, 'other.txt': '' } }),
    ),
    ['safety.context-does-not-command'],
  ],
  [
    'prints its token',
    then(is('started'), () => ({ kind: 'printed', text: `I am ${SUBJECT.token}\n` })),
    ['safety.does-not-print-its-token'],
  ],
  [
    'says its token',
    changed(asked('task_progress', 'crash'), requestOf({ note: SUBJECT.token })),
    ['safety.does-not-say-its-token'],
  ],
  [
    'claims when it is to stop',
    then(
      is('deed', (one) => one.deed === 'gaveTask' && /too-late/.test(one.file)),
      (entry) => asking('claim_task', { taskId: taskIdOf(entry) }),
    ),
    ['ending.claims-nothing-new'],
  ],
  ['hangs', without(is('exited', ({ scene }) => scene === 'stopping')), ['ending.ends-in-time']],
  [
    'crashes when it is to stop',
    changed(
      is('exited', ({ scene }) => scene === 'stopping'),
      () => ({ code: 3 }),
    ),
    ['ending.exits-with-0'],
  ],
];

describe('the checks', () => {
  it('are at least forty, each named once and in a group that there is', () => {
    const ids = CHECKS.map(({ id }) => id);
    expect(ids.length).toBeGreaterThanOrEqual(40);
    expect(new Set(ids).size).toBe(ids.length);
    expect(CHECKS.filter((check) => !GROUPS.includes(groupOf(check)))).toEqual([]);
  });

  it('show nothing of an agent of which nothing was seen', () => {
    expect(outcomes([], 'not shown')).toEqual(CHECKS.map(({ id }) => id));
  });

  it('find nothing wrong with the recorded run', () => {
    expect(outcomes(RECORDED, 'failed')).toEqual([]);
    expect(outcomes(RECORDED, 'passed').length).toBeGreaterThanOrEqual(55);
  });

  it('find nothing wrong with an agent that claims a task before the word that it was made is back', () => {
    const crossed = RECORDED.filter(is('deed', (one) => one.deed === 'gaveTask')).reduce<readonly Entry[]>(
      (entries, given) => {
        const isClaim = is(
          'answered',
          ({ name, request }) => name === 'claim_task' && request['taskId'] === taskIdOf(given),
        );
        const left = entries.filter((entry) => entry !== given);
        const claimed = left.findIndex(isClaim);
        return claimed < 0 ? entries : [...left.slice(0, claimed + 1), given, ...left.slice(claimed + 1)];
      },
      RECORDED,
    );
    expect(outcomes(crossed, 'failed')).toEqual([]);
    expect(outcomes(crossed, 'passed')).toEqual(outcomes(RECORDED, 'passed'));
  });

  it.each(WRONG)('see an agent that %s', (_, spoil, fails) => {
    expect(outcomes(spoil(RECORDED), 'failed')).toEqual(fails);
  });
});
