import type { SceneName } from '../../apps/conformance/src/scenes/scene.js';
import { Examination, failures } from './examine.js';

const PATIENCE_MS = 120_000;

/** A way to be wrong, what shows it, and all that has to fail because of it. */
const WAYS: readonly [way: string, scenes: readonly SceneName[], fails: readonly string[]][] = [
  ['registers twice', ['first work'], ['connecting.registers-once']],
  ['names each connection differently', ['no answer'], ['connecting.names-its-run']],
  ['stays away after a cut', ['interruptions'], ['connecting.returns-after-a-cut']],
  [
    'comes back after any refusal',
    ['shut out', 'replaced'],
    [
      'connecting.stays-away-when-refused-for-good',
      'connecting.stays-away-when-superseded',
      'rooms.joins-where-it-has-a-seat',
    ],
  ],
  ['forgets what it has', ['cut in the middle'], ['rooms.recovers']],
  ['claims what is not offered', ['first work'], ['tasks.leaves-others-alone']],
  ['claims as often as it is told', ['first work'], ['tasks.claims-once', 'tasks.waits-for-a-late-answer']],
  ['hands in under another id', ['no answer'], ['tasks.hands-in-once', 'tasks.repeats-by-the-same-id']],
  ['names no lease', ['first work'], ['tasks.names-its-lease', 'tasks.reports-progress']],
  ['never renews', ['long work'], ['tasks.renews-in-time']],
  [
    'works on when told to stop',
    ['lost lease', 'lost in silence'],
    ['tasks.stops-when-told', 'tasks.pushes-nothing-when-told', 'tasks.makes-sure-before-it-pushes'],
  ],
  ['pushes to the default branch', ['first work'], ['evidence.leaves-the-default-branch']],
  ['obeys strangers', ['orders from strangers'], ['safety.chat-does-not-command']],
  ['answers everybody', ['small talk'], ['safety.does-not-answer-for-ever']],
  ['does what others are asked for', ['meant for others'], ['safety.acts-only-on-what-is-addressed']],
  ['obeys a room', ['a seat among orders'], ['safety.room-context-does-not-command']],
  ['acknowledges what it did not read', ['while away'], ['inbox.acknowledges-what-it-read']],
  ['never acknowledges', ['while away'], ['inbox.acknowledges-in-the-end']],
  ['reads its inbox once', ['while away'], ['inbox.reads-again']],
  ['prints its token', ['first work'], ['safety.does-not-print-its-token']],
  ['does not wait for leave', ['asking leave'], ['approvals.waits', 'approvals.heeds-a-no']],
  ['takes no for a yes', ['asking leave'], ['approvals.heeds-a-no']],
  ['does not listen to SIGTERM', ['stopping'], ['ending.claims-nothing-new', 'ending.ends-in-time']],
  [
    'drops everything at SIGTERM',
    ['stopping'],
    ['tasks.does-not-fall-silent', 'ending.leaves-nothing-behind', 'ending.exits-with-0'],
  ],
];

describe('the conformance kit', () => {
  let examination: Examination;
  beforeAll(async () => (examination = await Examination.begin()), PATIENCE_MS);
  afterAll(() => examination.end());

  it.each(WAYS)(
    'sees an agent that %s',
    async (way, scenes, fails) => {
      const findings = await examination.find(`node test/conformance/broken-agent.mjs '${way}'`, { scenes });
      expect(failures(findings)).toEqual(fails);
    },
    PATIENCE_MS,
  );

  it(
    'lets an agent pass that asks for leave and heeds the answer',
    async () => {
      const findings = await examination.find('node test/conformance/broken-agent.mjs', { scenes: ['asking leave'] });
      expect(findings.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
      const shown = findings.filter(({ id, outcome }) => id.startsWith('approvals.') && outcome === 'passed');
      expect(shown).toHaveLength(4);
    },
    PATIENCE_MS,
  );
});
