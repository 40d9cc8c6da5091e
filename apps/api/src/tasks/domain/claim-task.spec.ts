import { type ClaimRequest, decideClaim } from './claim-task.js';

describe('decideClaim', () => {
  const now = new Date('2026-01-01T00:00:00Z');
  const later = new Date('2026-01-01T00:01:00Z');
  const open: ClaimRequest['task'] = {
    state: 'open',
    assignedToId: null,
    leaseHolderId: null,
    leaseExpiresAt: null,
    fence: 0,
  };
  const decide = (task: Partial<ClaimRequest['task']> = {}, rest: Partial<ClaimRequest> = {}) =>
    decideClaim({ agentId: 'claude', task: { ...open, ...task }, held: 0, maxHeld: 2, waitsFor: 0, now, ...rest });

  it('grants an open task to an agent with a free hand', () => expect(decide()).toBe('granted'));
  it('grants it to the agent it was given to', () => expect(decide({ assignedToId: 'claude' })).toBe('granted'));
  it('keeps it for the agent it was given to', () => expect(decide({ assignedToId: 'codex' })).toBe('task_not_open'));
  it('lets another help once a lease ran out', () =>
    expect(decide({ assignedToId: 'codex', fence: 1 })).toBe('granted'));
  it('gives the holder its lease again', () =>
    expect(decide({ state: 'in_progress', leaseHolderId: 'claude', leaseExpiresAt: later, fence: 1 })).toBe('resumed'));
  it('does not resume a lease that ran out', () =>
    expect(decide({ state: 'in_progress', leaseHolderId: 'claude', leaseExpiresAt: now, fence: 1 })).toBe(
      'task_not_open',
    ));
  it('declines a task that another holds', () =>
    expect(decide({ state: 'claimed', leaseHolderId: 'codex', leaseExpiresAt: later, fence: 1 })).toBe(
      'task_not_open',
    ));
  it.each(['in_review', 'done', 'cancelled', 'failed'] as const)('declines a task that is %s', (state) =>
    expect(decide({ state })).toBe('task_not_open'),
  );
  it('declines a task that waits for another', () => expect(decide({}, { waitsFor: 1 })).toBe('task_blocked'));
  it('gives work back to the one who did it, to change it', () =>
    expect(decide({ state: 'changes_requested', assignedToId: 'claude', fence: 1 })).toBe('granted'));
  it('gives it to nobody else', () =>
    expect(decide({ state: 'changes_requested', assignedToId: 'codex', fence: 2 })).toBe('task_not_open'));
  it('gives it to anybody once the one who did it is gone', () =>
    expect(decide({ state: 'changes_requested', assignedToId: null, fence: 1 })).toBe('granted'));
  it('declines an agent whose hands are full', () => expect(decide({}, { held: 2 })).toBe('agent_busy'));
});
