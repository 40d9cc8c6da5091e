import type { Entry } from '../entry.js';
import { Recording } from '../recording.js';
import { INBOX } from './inbox.js';

const SUBJECT = { agentId: 'agent', token: 'token', ownerId: 'owner', defaultBranch: 'main' };
const NOW = Date.parse('2026-01-01T12:00:00Z');
const instant = (milliseconds: number): string => new Date(NOW + milliseconds).toISOString();

let at = 0;
const seen = (entry: object): Entry =>
  ({ at: (at += 10), scene: 'interruptions', process: 1, line: 1, ...entry }) as Entry;
const asked = (name: string, request: object = {}, line = 1) => seen({ kind: 'asked', ack: 1, name, request, line });
const answered = (name: string, data: object, request: object = {}, line = 1) =>
  seen({ kind: 'answered', ack: 1, name, request, reply: { ok: true, data }, fate: 'delivered', line });
const read = (...numbers: number[]): Entry[] => [
  asked('read_inbox'),
  answered('read_inbox', { upTo: numbers.at(-1) ?? 0, items: numbers.map((number) => ({ number })) }),
];
const verdictOf = (id: string, entries: readonly Entry[]) =>
  INBOX.find((check) => check.id === `inbox.${id}`)?.judge(new Recording(SUBJECT, entries)).outcome;

describe('the checks of an agent’s inbox', () => {
  it('see whether it acknowledges only what it read', () => {
    expect(verdictOf('acknowledges-what-it-read', [...read(1, 2), asked('ack_inbox', { upTo: 2 })])).toBe('passed');
    expect(verdictOf('acknowledges-what-it-read', [...read(1, 2), asked('ack_inbox', { upTo: 3 })])).toBe('failed');
    expect(verdictOf('acknowledges-what-it-read', [asked('ack_inbox', { upTo: 1 }), ...read(1)])).toBe('failed');
    expect(verdictOf('acknowledges-what-it-read', read(1))).toBe('not shown');
  });

  it('see whether it acknowledges at all', () => {
    expect(verdictOf('acknowledges-in-the-end', [...read(1, 2), asked('ack_inbox', { upTo: 1 })])).toBe('passed');
    expect(verdictOf('acknowledges-in-the-end', read(4, 5))).toBe('failed');
    expect(verdictOf('acknowledges-in-the-end', read())).toBe('not shown');
  });

  it('see whether it looks again on a new connection', () => {
    const again = answered('agent_register', {}, {}, 2);
    expect(verdictOf('reads-again', [...read(1), again, asked('read_inbox', {}, 2)])).toBe('passed');
    expect(verdictOf('reads-again', [...read(1), again])).toBe('failed');
    expect(verdictOf('reads-again', [again])).toBe('not shown');
  });

  it('see whether it waits as long as it said', () => {
    const failed = answered(
      'fail_task',
      { waitsUntil: instant(1000), updatedAt: instant(0) },
      { taskId: 'task', until: instant(1000) },
    );
    const claimed = (later: number) => ({ ...asked('claim_task', { taskId: 'task' }), at: failed.at + later }) as Entry;
    expect(verdictOf('heeds-its-own-wait', [failed, claimed(1010)])).toBe('passed');
    expect(verdictOf('heeds-its-own-wait', [failed, claimed(500)])).toBe('failed');
    expect(verdictOf('heeds-its-own-wait', [])).toBe('not shown');
  });
});
