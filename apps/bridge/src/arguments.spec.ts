import { describe, expect, it } from '@jest/globals';
import { readArguments, WrongArguments } from './arguments.js';

const ROOM = 'https://tank.example/rooms/0b9e1c56-1d3b-4a53-9f0e-0d4f4a1f6f6a';
const read = (...args: string[]) => readArguments(args, {});
const complaint = (...args: string[]) => {
  try {
    read(...args);
    return '';
  } catch (error) {
    if (!(error instanceof WrongArguments)) throw error;
    return error.message;
  }
};

describe('the command line of join', () => {
  it('takes a room and the command of any agent, whose words are its own', () => {
    expect(read('join', ROOM, '--', 'my-agent', '--allow', 'x', '--')).toMatchObject({
      name: 'join',
      address: { kind: 'room', roomId: '0b9e1c56-1d3b-4a53-9f0e-0d4f4a1f6f6a' },
      options: { command: { program: 'my-agent', args: ['--allow', 'x', '--'] } },
    });
  });

  it('knows some agents by name', () => {
    expect(read('join', ROOM, '--agent', 'opencode')).toMatchObject({
      options: { command: { program: 'opencode', args: ['acp'] } },
    });
  });

  it('takes addresses of repositories that hold no password', () => {
    const repositories = ['https://github.com/octo/tank', 'git@github.com:octo/tank.git', '/srv/octo/tank.git'];
    const options = repositories.flatMap((one) => ['--repository', one]);
    expect(read('join', ROOM, '--agent', 'claude', ...options)).toMatchObject({ options: { repositories } });
    expect(read('doctor', ROOM, '--repository', '../octo/tank')).toMatchObject({
      repositories: [expect.stringMatching(/^\/.*\/octo\/tank$/)],
    });
    expect(complaint('join', ROOM, '--agent', 'claude', '--repository', 'https://a:secret@github.com/octo/tank')).toBe(
      '--repository is an address without a password, such as https://github.com/octo/tank or git@github.com:octo/tank.git',
    );
  });

  it('asks for everything, runs no checks, and is patient, unless told otherwise', () => {
    expect(read('join', ROOM, '--agent', 'claude')).toMatchObject({
      tokenFile: null,
      options: {
        checks: [],
        repositories: [],
        allowed: new Set(),
        fixAttempts: 2,
        ...{ checkTimeoutMs: 600_000, idleMs: 600_000, turnMs: 7_200_000, cancelGraceMs: 3000, stopGraceMs: 10_000 },
      },
    });
  });

  it('reads lists, repeated options and times', () => {
    const args = ['--allow', 'edits,reads', '--allow', 'searches', '--check', 'npm test', '--check', 'npm run lint'];
    const times = ['--idle-timeout', '90s', '--turn-timeout', '1.5h', '--check-timeout', '500ms'];
    expect(read('join', ROOM, '--agent', 'qwen', ...args, ...times)).toMatchObject({
      options: {
        allowed: new Set(['edits', 'reads', 'searches']),
        checks: ['npm test', 'npm run lint'],
        ...{ idleMs: 90_000, turnMs: 5_400_000, checkTimeoutMs: 500 },
      },
    });
  });

  it('keeps its data where it is told, by option or environment', () => {
    expect(read('join', ROOM, '--agent', 'qwen', '--data', '/data')).toMatchObject({ dataFolder: '/data' });
    expect(readArguments(['join', ROOM, '--agent', 'qwen'], { CLAWTANK_BRIDGE_DATA: '/there' })).toMatchObject({
      dataFolder: '/there',
    });
  });

  it('lets a cancelled agent no more time than a person has to see it stop', () => {
    expect(read('join', ROOM, '--agent', 'qwen', '--cancel-grace', '5m')).toMatchObject({
      options: { cancelGraceMs: 7000 },
    });
  });

  it.each([
    [[], 'Say which room'],
    [[ROOM], 'Say which agent'],
    [[ROOM, '--'], 'Say which agent'],
    [['https://tank.example/lobby', '--agent', 'claude'], 'is not the address of a room'],
    [[ROOM, 'claude'], 'What is claude?'],
    [[ROOM, '--agent', 'claude', '--', 'codex'], 'not both'],
    [[ROOM, '--agent', 'clod'], '--agent knows claude, codex, gemini, opencode, qwen, openclaw, not clod'],
    [[ROOM, '--agent', 'constructor'], 'not constructor'],
    [[ROOM, '--agent', 'claude', '--allow', 'edits,everything'], 'not everything'],
    [[ROOM, '--agent', 'claude', '--idle-timeout', '10'], 'a time such as 90s'],
    [[ROOM, '--agent', 'claude', '--idle-timeout', '0s'], 'a time such as 90s'],
    [[ROOM, '--agent', 'claude', '--turn-timeout', '9000h'], 'a time such as 90s'],
    [[ROOM, '--agent', 'claude', '--fix-attempts', '99'], 'a whole number up to 10'],
    [[ROOM, '--agent', 'claude', '--token', 'cta_x'], "Unknown option '--token'"],
  ])('refuses %j and says why', (args, why) => expect(complaint('join', ...args)).toContain(why));
});

describe('the command line', () => {
  it('explains itself, as a whole and command by command', () => {
    expect(read()).toEqual({ name: 'help', about: null });
    expect(read('--help')).toEqual({ name: 'help', about: null });
    expect(read('join', '--help')).toEqual({ name: 'help', about: 'join' });
    expect(read('doctor', '-h')).toEqual({ name: 'help', about: 'doctor' });
    expect(read('--version')).toEqual({ name: 'version' });
    expect(complaint('leave')).toBe('There is no command leave');
  });

  it('of doctor needs nothing, and takes a room and an agent', () => {
    expect(read('doctor')).toMatchObject({ name: 'doctor', address: null, command: null });
    expect(read('doctor', ROOM, '--agent', 'gemini')).toMatchObject({ command: { program: 'gemini' } });
  });
});

describe('the command line of mcp', () => {
  it('takes a server, by any address on it, and where its token is', () => {
    const server = new URL('https://tank.example');
    expect(read('mcp', 'https://tank.example')).toMatchObject({ name: 'mcp', server, tokenFile: null });
    expect(read('mcp', ROOM, '--token-file', 'token')).toMatchObject({ server, tokenFile: 'token' });
    expect(read('mcp', '--help')).toEqual({ name: 'help', about: 'mcp' });
  });

  it('explains what it cannot understand', () => {
    expect(complaint('mcp')).toMatch(/which server/);
    expect(complaint('mcp', 'tank.example')).toMatch(/not the address of a server/);
    expect(complaint('mcp', ROOM, 'more')).toMatch(/which server/);
    expect(complaint('mcp', ROOM, '--token', 'cta_x')).toMatch(/--token/);
  });
});
