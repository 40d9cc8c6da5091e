import { mentionedNames, mentionsIn } from './mentions.js';

describe('mentionedNames', () => {
  it('finds each name once, without regard to case', () => {
    expect(mentionedNames('@ann and @Bob-2: ask @ANN, (@carl_x) or @dora.')).toEqual([
      'ANN',
      'Bob-2',
      'carl_x',
      'dora',
    ]);
  });

  it.each([
    'mail ann@example.com',
    'npm i @scope/name is fine',
    'an @ alone',
    'user@@host',
    '`@ann`',
    '```\n@ann\n```',
    'path/@ann',
  ])('finds nobody in %j that was not meant', (text) =>
    expect(mentionedNames(text).filter((name) => name !== 'scope')).toEqual([]),
  );
});

describe('mentionsIn', () => {
  const ann = { id: '1', type: 'human' as const, name: 'Ann' };
  const bob = { id: '2', type: 'human' as const, name: 'bob' };
  const claude = { id: '3', type: 'agent' as const, name: 'claude' };
  const members = [ann, bob, claude];

  it('matches names to the members of the room', () => {
    const { named, addressed, isForAll } = mentionsIn('hey @Claude and @nobody', [], ann.id, members);
    expect(named).toEqual([claude]);
    expect(addressed).toEqual([claude]);
    expect(isForAll).toBe(false);
  });

  it('adds those the sender names beside the text', () => {
    expect(mentionsIn('hello', ['@claude'], ann.id, members).named).toEqual([claude]);
  });

  it('lets nobody mention themselves', () => {
    expect(mentionsIn('@ann', [], ann.id, members).addressed).toEqual([]);
  });

  it('addresses everybody else by @here, and names nobody by it', () => {
    const { named, addressed, isForAll } = mentionsIn('lunch, @Here?', [], ann.id, members);
    expect(isForAll).toBe(true);
    expect(named).toEqual([]);
    expect(addressed).toEqual([bob, claude]);
  });

  it('takes @here only from the text, and not from code', () => {
    expect(mentionsIn('run `@here`', ['here'], ann.id, members).isForAll).toBe(false);
  });
});
