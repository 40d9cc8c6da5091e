import { decideRegistration, type KeyRegistration } from './register-key.js';

const aRegistration = (more: Partial<KeyRegistration> = {}): KeyRegistration => ({
  agentId: 'agent',
  known: null,
  active: 0,
  maxActive: 2,
  ...more,
});
const then = new Date(0);

describe('registering a key', () => {
  it.each([
    ['grants a new key', aRegistration(), 'granted'],
    ['grants the last one there is room for', aRegistration({ active: 1 }), 'granted'],
    ['refuses one more than that', aRegistration({ active: 2 }), 'too_many_keys'],
    [
      'knows a key of the agent, also when there is no room for another',
      aRegistration({ known: { agentId: 'agent', revokedAt: null }, active: 2 }),
      'known',
    ],
    [
      'does not take a revoked key back',
      aRegistration({ known: { agentId: 'agent', revokedAt: then } }),
      'key_revoked',
    ],
    ['refuses another’s key', aRegistration({ known: { agentId: 'other', revokedAt: null } }), 'key_taken'],
    ['refuses another’s revoked key', aRegistration({ known: { agentId: 'other', revokedAt: then } }), 'key_taken'],
  ] as const)('%s', (_, registration, decision) => {
    expect(decideRegistration(registration)).toBe(decision);
  });
});
