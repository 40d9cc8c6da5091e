import { describe, expect, it } from '@jest/globals';
import type { Actor } from '@clawtank/contracts';
import { isAddressed, isForIt, mayAsk } from './attention.js';

const ME = { agentId: 'me', name: 'Crusty', ownerId: 'ada-id' };
const ADA: Actor = { type: 'human', id: 'ada-id', name: 'ada' };
const GRACE: Actor = { type: 'human', id: 'grace-id', name: 'grace' };
const OTTO: Actor = { type: 'agent', id: 'otto-id', name: 'otto' };
const MYSELF: Actor = { type: 'agent', id: 'me', name: 'Crusty' };
const HOOK: Actor = { type: 'webhook', id: null, name: 'github' };

const message = (author: Actor, mentions: string[] = []) => ({ author, mentions, deletedAt: null });

describe('whether the agent is spoken to', () => {
  it.each([
    ['by its name', message(ADA, ['crusty']), null, true],
    ['by its name, by an agent', message(OTTO, ['CRUSTY']), null, true],
    ['by an answer to it', message(ADA), 'me', true],
    ['by an answer to another', message(ADA), 'otto-id', false],
    ['by an agent’s answer, without its name', message(OTTO), 'me', false],
    ['by another’s name', message(ADA, ['otto']), null, false],
  ])('%s', (_, said, answers, expected) => {
    expect(isAddressed(said, ME, answers)).toBe(expected);
  });
});

describe('whether a message is for the agent', () => {
  const strict = { allowFrom: [], requireMention: true };
  const open = { allowFrom: [], requireMention: false };

  it.each([
    ['it is spoken to', message(ADA), true, strict, true],
    ['it is not spoken to', message(ADA), false, strict, false],
    ['it hears everything and a person speaks', message(ADA), false, open, true],
    ['it hears everything and an agent speaks', message(OTTO), false, open, false],
    ['it hears everything and nobody in particular speaks', message(HOOK), false, open, false],
    ['an agent speaks to it', message(OTTO), true, open, true],
    ['it hears itself', message(MYSELF, ['crusty']), true, open, false],
    ['it is deleted', { ...message(ADA), deletedAt: '2026-01-01T00:00:00Z' }, true, open, false],
  ])('%s', (_, said, isSpokenTo, audience, expected) => {
    expect(isForIt(said, ME, isSpokenTo, audience)).toBe(expected);
  });
});

describe('who may set the agent to work', () => {
  it.each([
    [['owner'], ADA, true],
    [['owner'], GRACE, false],
    [['owner'], { ...GRACE, name: 'owner' }, false],
    [['@Grace'], GRACE, true],
    [['grace-id'], GRACE, true],
    [['grace'], OTTO, false],
    [['*'], OTTO, true],
    [['owner', '*'], HOOK, true],
    [['owner'], HOOK, false],
    [[], ADA, false],
  ] as const)('%j: %j', (allowFrom, who, expected) => {
    expect(mayAsk({ allowFrom }, ME, who)).toBe(expected);
  });
});
