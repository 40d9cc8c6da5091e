import { mentionedMembers, mentionedNames } from './mentions.js';

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

describe('mentionedMembers', () => {
  const ann = { id: '1', type: 'human' as const, name: 'Ann' };
  const claude = { id: '2', type: 'agent' as const, name: 'claude' };

  it('matches names to the members of the room', () => {
    expect(mentionedMembers('hey @Claude and @nobody', [], '1', [ann, claude])).toEqual([claude]);
  });
  it('adds those the sender names beside the text', () => {
    expect(mentionedMembers('hello', ['@claude'], '1', [ann, claude])).toEqual([claude]);
  });
  it('lets nobody mention themselves', () => {
    expect(mentionedMembers('@ann', [], '1', [ann])).toEqual([]);
  });
});
