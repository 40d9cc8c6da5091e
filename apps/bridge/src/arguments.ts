import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { isRepositoryAddress } from '@clawtank/agent-work';
import type { AgentCommand } from './acp/agent-process.js';
import type { BridgeOptions } from './bridge-options.js';
import { ALLOWABLE, type Allowable } from './domain/permission-policy.js';
import { PRESETS } from './presets.js';
import { readAddress, readServer, type RoomAddress } from './room-address.js';

/** The command line cannot be understood; the message says what is wrong with it. */
export class WrongArguments extends Error {}

/** What the commands need to know. */
interface Common {
  readonly address: RoomAddress | null;
  readonly tokenFile: string | null;
  readonly dataFolder: string;
}

export type Request =
  | { readonly name: 'help'; readonly about: 'join' | 'doctor' | 'mcp' | null }
  | { readonly name: 'version' }
  | (Common & { readonly name: 'join'; readonly address: RoomAddress; readonly options: BridgeOptions })
  | (Common & {
      readonly name: 'doctor';
      readonly command: AgentCommand | null;
      readonly repositories: readonly string[];
    })
  | (Omit<Common, 'address'> & { readonly name: 'mcp'; readonly server: URL });

const CREDENTIALS = {
  'token-file': { type: 'string' },
  data: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsConfig['options'];

const SHARED = {
  ...CREDENTIALS,
  agent: { type: 'string' },
  repository: { type: 'string', multiple: true },
} as const satisfies ParseArgsConfig['options'];

const JOIN = {
  ...SHARED,
  allow: { type: 'string', multiple: true },
  check: { type: 'string', multiple: true },
  'check-timeout': { type: 'string', default: '10m' },
  'fix-attempts': { type: 'string', default: '2' },
  'idle-timeout': { type: 'string', default: '10m' },
  'turn-timeout': { type: 'string', default: '2h' },
  'cancel-grace': { type: 'string', default: '3s' },
  'stop-grace': { type: 'string', default: '10s' },
} as const satisfies ParseArgsConfig['options'];

/** How long an agent has to exit after it was asked to. */
const KILL_GRACE_MS = 2000;
/** A person who cancels a task sees it stopped within ten seconds, the exit of the agent included. */
const LONGEST_CANCEL_GRACE_MS = 7000;
const MAX_FIX_ATTEMPTS = 10;

/** Reads the command line. Tokens have no place on it: everybody on the machine can read it. */
export function readArguments(args: readonly string[], environment: NodeJS.ProcessEnv): Request {
  const [name, ...rest] = args;
  switch (name) {
    case 'join':
      return readJoin(rest, environment);
    case 'doctor':
      return readDoctor(rest, environment);
    case 'mcp':
      return readMcp(rest, environment);
    case '--version':
    case '-v':
      return { name: 'version' };
    case undefined:
    case 'help':
    case '--help':
    case '-h':
      return { name: 'help', about: null };
    default:
      throw new WrongArguments(`There is no command ${name}`);
  }
}

function readJoin(args: readonly string[], environment: NodeJS.ProcessEnv): Request {
  const { own, command } = atDoubleDash(args);
  const { values, positionals } = parsed(own, JOIN);
  if (values.help) {
    return { name: 'help', about: 'join' };
  }
  const address = readPositional(positionals);
  if (!address) {
    throw new WrongArguments('Say which room: clawtank-bridge join <address of the room> …');
  }
  const agent = commandOf(values.agent, command);
  if (!agent) {
    throw new WrongArguments('Say which agent: --agent <name>, or its command after --');
  }
  const options: BridgeOptions = {
    command: agent,
    allowed: readAllowed(values.allow ?? []),
    checks: values.check ?? [],
    repositories: readRepositories(values.repository ?? []),
    checkTimeoutMs: duration('check-timeout', values['check-timeout']),
    fixAttempts: wholeNumber('fix-attempts', values['fix-attempts'], MAX_FIX_ATTEMPTS),
    idleMs: duration('idle-timeout', values['idle-timeout']),
    turnMs: duration('turn-timeout', values['turn-timeout']),
    cancelGraceMs: Math.min(LONGEST_CANCEL_GRACE_MS, duration('cancel-grace', values['cancel-grace'])),
    killGraceMs: KILL_GRACE_MS,
    stopGraceMs: duration('stop-grace', values['stop-grace']),
  };
  return { name: 'join', address, options, ...common(values, environment) };
}

function readDoctor(args: readonly string[], environment: NodeJS.ProcessEnv): Request {
  const { own, command } = atDoubleDash(args);
  const { values, positionals } = parsed(own, SHARED);
  if (values.help) {
    return { name: 'help', about: 'doctor' };
  }
  return {
    name: 'doctor',
    address: readPositional(positionals),
    command: commandOf(values.agent, command),
    repositories: readRepositories(values.repository ?? []),
    ...common(values, environment),
  };
}

function readMcp(args: readonly string[], environment: NodeJS.ProcessEnv): Request {
  const { values, positionals } = parsed(args, CREDENTIALS);
  if (values.help) {
    return { name: 'help', about: 'mcp' };
  }
  const [text, surplus] = positionals;
  if (text === undefined || surplus !== undefined) {
    throw new WrongArguments('Say which server: clawtank-bridge mcp <address of the server>');
  }
  const server = readServer(text);
  if (!server) {
    throw new WrongArguments(`${text} is not the address of a server. It looks like https://clawtank.example`);
  }
  return { name: 'mcp', server, ...common(values, environment) };
}

/** What is ours, and the agent's command, in which every word is the agent's. */
function atDoubleDash(args: readonly string[]): { own: readonly string[]; command: readonly string[] } {
  const at = args.indexOf('--');
  return at < 0 ? { own: args, command: [] } : { own: args.slice(0, at), command: args.slice(at + 1) };
}

function parsed<Options extends NonNullable<ParseArgsConfig['options']>>(args: readonly string[], options: Options) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new WrongArguments((error as Error).message);
  }
}

function readPositional(positionals: readonly string[]): RoomAddress | null {
  const [text, surplus] = positionals;
  if (surplus !== undefined) {
    throw new WrongArguments(`What is ${surplus}? The agent’s command comes after --`);
  }
  if (text === undefined) {
    return null;
  }
  const address = readAddress(text);
  if (!address) {
    throw new WrongArguments(
      `${text} is not the address of a room. It looks like https://clawtank.example/rooms/<id>, as in your browser`,
    );
  }
  return address;
}

function commandOf(preset: string | undefined, words: readonly string[]): AgentCommand | null {
  const [program, ...args] = words;
  if (preset !== undefined && program !== undefined) {
    throw new WrongArguments('Give either --agent or a command after --, not both');
  }
  if (preset === undefined) {
    return program === undefined ? null : { program, args };
  }
  const known = Object.hasOwn(PRESETS, preset) ? PRESETS[preset] : undefined;
  if (!known) {
    throw new WrongArguments(
      `--agent knows ${Object.keys(PRESETS).join(', ')}, not ${preset}. Any other ACP agent: its command after --`,
    );
  }
  return known;
}

function readAllowed(lists: readonly string[]): ReadonlySet<Allowable> {
  const words = lists.flatMap((list) => list.split(',')).map((word) => word.trim());
  const unknown = words.find((word) => !ALLOWABLE.some((known) => known === word));
  if (unknown !== undefined) {
    throw new WrongArguments(`--allow knows ${ALLOWABLE.join(', ')}, not ${unknown || 'nothing'}`);
  }
  return new Set(words as Allowable[]);
}

/** Passwords have no place in addresses either: git's credential helpers keep them. */
function readRepositories(addresses: readonly string[]): readonly string[] {
  const wrong = addresses.find((address) => !isRepositoryAddress(address));
  if (wrong !== undefined) {
    throw new WrongArguments(
      '--repository is an address without a password, such as https://github.com/octo/tank or git@github.com:octo/tank.git',
    );
  }
  return addresses.map((address) => (/^[^/]+:/.test(address) ? address : resolve(address)));
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
/** Timers of Node cannot wait for longer. */
const LONGEST_MS = 2 ** 31 - 1;

function duration(option: string, text: string): number {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) ?? [];
  const milliseconds = Number(amount) * (UNITS[unit] ?? Number.NaN);
  if (!(milliseconds > 0 && milliseconds <= LONGEST_MS)) {
    throw new WrongArguments(`--${option} is a time such as 90s, 10m or 2h, not ${text}`);
  }
  return milliseconds;
}

function wholeNumber(option: string, text: string, maximum: number): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number > maximum) {
    throw new WrongArguments(`--${option} is a whole number up to ${maximum}, not ${text}`);
  }
  return number;
}

function common(
  values: { readonly 'token-file'?: string | undefined; readonly data?: string | undefined },
  environment: NodeJS.ProcessEnv,
): Omit<Common, 'address'> {
  const folder = values.data ?? environment.CLAWTANK_BRIDGE_DATA ?? join(homedir(), '.clawtank-bridge');
  return { tokenFile: values['token-file'] ?? null, dataFolder: resolve(folder) };
}
