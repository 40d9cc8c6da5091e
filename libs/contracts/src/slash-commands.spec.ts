import {
  completeSlashCommand,
  isSlashCommand,
  parseSlashCommand,
  SLASH_COMMANDS,
  slashCommandNames,
  spokenText,
} from './slash-commands.js';

const anything = () => true;

describe('what is a slash command', () => {
  it.each([
    '/help',
    '/kick bob',
    '/nonsense',
    '/KICK bob',
    '  /kick bob',
    '\n/kick bob',
    '/task do\nthis',
    '/mute-room',
  ])('%j is one, and must not be stored as chat', (text) => expect(isSlashCommand(text)).toBe(true));

  it.each(['hello /help', '/usr/bin', '/', '/ help', '/7', '//help', '/help, please', 'a\n/help', '/é', ''])(
    '%j is not: it is said',
    (text) => {
      expect(isSlashCommand(text)).toBe(false);
      expect(parseSlashCommand(text)).toBeNull();
    },
  );

  it.each([
    ['//help me', '/help me'],
    ['//nonsense', '/nonsense'],
    ['// a comment', '// a comment'],
    ['//example.org/a', '//example.org/a'],
    ['/usr/bin', '/usr/bin'],
    ['///help', '///help'],
    ['plain', 'plain'],
  ])('%j says %j', (text, said) => expect(spokenText(text)).toBe(said));
});

describe('reading a slash command', () => {
  it.each([
    ['/task Add login', 'task', { agent: null, text: 'Add login' }],
    ['/task @otter Add login', 'task', { agent: 'otter', text: 'Add login' }],
    ['/task @otter\nAdd login\n\nwith care', 'task', { agent: 'otter', text: 'Add login\n\nwith care' }],
    ['/task @ is the at sign', 'task', { agent: null, text: '@ is the at sign' }],
    ['/assign otter Add login', 'assign', { agent: 'otter', text: 'Add login' }],
    ['/dm @jonas see you', 'dm', { name: 'jonas', text: 'see you' }],
    ['/tell jonas see you', 'dm', { name: 'jonas', text: 'see you' }],
    ['/invite @jonas', 'invite', { name: 'jonas' }],
    ['/topic Signal lights ', 'topic', { text: 'Signal lights' }],
    ['/slow 30s', 'slow', { seconds: 30 }],
    ['/slow 45', 'slow', { seconds: 45 }],
    ['/slow 5 minutes', 'slow', { seconds: 300 }],
    ['/slow OFF', 'slow', { seconds: 0 }],
    ['/role jonas Moderator', 'role', { name: 'jonas', role: 'moderator' }],
    ['/mute jonas', 'mute', { name: 'jonas', minutes: 10 }],
    ['/mute jonas 30', 'mute', { name: 'jonas', minutes: 30 }],
    ['/mute jonas 2h', 'mute', { name: 'jonas', minutes: 120 }],
    ['/mute jonas 10s', 'mute', { name: 'jonas', minutes: 1 }],
    ['/unmute jonas', 'unmute', { name: 'jonas' }],
    ['/KICK jonas', 'kick', { name: 'jonas' }],
    ['/ban jonas spam and more', 'ban', { name: 'jonas', reason: 'spam and more' }],
    ['/ban jonas', 'ban', { name: 'jonas', reason: '' }],
    ['/unban jonas', 'unban', { name: 'jonas' }],
    ['/archive', 'archive', {}],
    ['/notify none', 'notify', { level: 'none' }],
    ['/search signal lights', 'search', { words: 'signal lights' }],
    ['/me waves', 'me', { text: 'waves' }],
    ['/shrug', 'shrug', { text: '' }],
    ['/leave', 'leave', {}],
    ['/help anything', 'help', {}],
  ])('understands %j', (text, command, args) =>
    expect(parseSlashCommand(text)).toEqual({ kind: 'command', command, args }),
  );

  it.each([
    ['/task', 'task', 'Say what there is to do'],
    ['/task @otter', 'task', 'Say what there is to do'],
    ['/assign', 'assign', 'Say which agent is to do it'],
    ['/assign otter', 'assign', 'Say what otter is to do'],
    ['/dm jonas', 'dm', 'Write something to jonas'],
    ['/invite', 'invite', 'Say whom to invite'],
    ['/invite jonas and mara', 'invite', 'Write only a name after this command'],
    ['/kick <b>', 'kick', '“<b>” cannot be a name'],
    ['/topic', 'topic', 'Say what this room is about'],
    ['/slow', 'slow', 'Say for how long, such as 30s or 5m, or off'],
    ['/slow 5mexico', 'slow', 'Say for how long, such as 30s or 5m, or off'],
    ['/slow 2h', 'slow', 'Members wait an hour at most'],
    ['/role jonas host', 'role', 'A role is moderator, member or guest'],
    ['/mute jonas soon', 'mute', 'Say for how long, such as 10m, 2h or 1d'],
    ['/mute jonas 31d', 'mute', 'Mute for a minute up to 30 days'],
    ['/mute jonas 0', 'mute', 'Mute for a minute up to 30 days'],
    [`/ban jonas ${'x'.repeat(301)}`, 'ban', 'Use at most 300 characters for the reason'],
    ['/archive now', 'archive', 'Write nothing after this command'],
    ['/notify sometimes', 'notify', 'Choose all, mentions or none'],
  ])('says what is wrong with %j', (text, command, problem) =>
    expect(parseSlashCommand(text)).toEqual({ kind: 'problem', command, problem }),
  );

  it.each([
    ['/tsak', ['task']],
    ['/hlep me', ['help']],
    ['/kik jonas', ['kick']],
    ['/inv jonas', ['invite']],
    ['/m', ['dm', 'mute', 'me']],
    ['/frobnicate', []],
    ['/constructor', []],
  ])('suggests what may have been meant by %j', (text, suggestions) => {
    const reading = parseSlashCommand(text);
    expect(reading).toMatchObject({ kind: 'unknown', suggestions });
  });
});

describe('the table', () => {
  it('gives every name and other name to one command only', () => {
    const names = slashCommandNames().flatMap((name) => [name, ...SLASH_COMMANDS[name].aliases]);
    expect(new Set(names).size).toBe(names.length);
    expect(names.every((name) => isSlashCommand(`/${name}`))).toBe(true);
  });

  it('shows how to write each of them, beginning with its name', () => {
    for (const name of slashCommandNames()) {
      expect(SLASH_COMMANDS[name].usage).toMatch(new RegExp(`^/${name}( |$)`));
    }
  });

  it('completes what has been begun, other names included, and offers only what one may do', () => {
    expect(completeSlashCommand('ta', anything)).toEqual(['task']);
    expect(completeSlashCommand('te', anything)).toEqual(['dm']);
    expect(completeSlashCommand('', anything)).toEqual(slashCommandNames());
    expect(completeSlashCommand('ki', () => false)).toEqual([]);
    expect(completeSlashCommand('k', (ability) => ability === 'remove_member')).toEqual(['kick']);
  });
});
