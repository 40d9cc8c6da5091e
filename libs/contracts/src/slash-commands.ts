import type { NotificationLevel } from './attention.js';
import { type Ability, AssignRole } from './rooms.js';
import { type Parsed, addressee, alone, named, onlyName, parseMute, parseSlow, problem } from './slash-arguments.js';
import { typingErrors } from './typing-errors.js';

export interface SlashCommandSpec<Args = unknown> {
  /** How it is written, as help shows it: `<this>` must be there, `[this]` may. */
  readonly usage: string;
  readonly describe: string;
  /** What the server must let the writer do, so that the command is offered; null if any member may. */
  readonly ability: Ability | null;
  readonly aliases: readonly string[];
  readonly parse: (rest: string) => Parsed<Args>;
}

const spec = <Args>(
  usage: string,
  describe: string,
  ability: Ability | null,
  parse: (rest: string) => Parsed<Args>,
  aliases: readonly string[] = [],
): SlashCommandSpec<Args> => ({ usage, describe, ability, aliases, parse });

const LEVELS: readonly NotificationLevel[] = ['all', 'mentions', 'none'];

/** Every slash command, in the order in which help lists them. */
export const SLASH_COMMANDS = {
  task: spec(
    '/task [@agent] <what to do>',
    'Make a task: for that agent, or for whichever claims it first',
    'create_task',
    (rest) => {
      const { name, text } = addressee(rest);
      return text === '' ? problem('Say what there is to do') : { args: { agent: name, text } };
    },
  ),
  assign: spec(
    '/assign @agent <what to do>',
    'Make a task for one agent; like /task, but never without saying for whom',
    'create_task',
    (rest) =>
      named(rest, 'Say which agent is to do it', ({ name, text }) =>
        text === '' ? problem(`Say what ${name} is to do`) : { args: { agent: name, text } },
      ),
  ),
  dm: spec(
    '/dm <name> <text>',
    'Write to one member alone',
    'direct_message',
    (rest) =>
      named(rest, 'Say whom to write to', ({ name, text }) =>
        text === '' ? problem(`Write something to ${name}`) : { args: { name, text } },
      ),
    ['msg', 'tell'],
  ),
  invite: spec('/invite <name>', 'Invite somebody to this room by user name', 'invite', (rest) =>
    onlyName(rest, 'Say whom to invite'),
  ),
  topic: spec(
    '/topic <text>',
    'Say what this room is about',
    'configure',
    (rest) => (rest === '' ? problem('Say what this room is about') : { args: { text: rest } }),
    ['purpose'],
  ),
  slow: spec('/slow <30s|5m|off>', 'Let members wait between two messages, or no longer', 'configure', parseSlow, [
    'slowmode',
  ]),
  role: spec('/role <name> <moderator|member|guest>', 'Give a member another role', 'assign_role', (rest) =>
    named(rest, 'Say whose role to change', ({ name, text }) => {
      const role = AssignRole.shape.role.safeParse(text.toLowerCase());
      return role.success ? { args: { name, role: role.data } } : problem('A role is moderator, member or guest');
    }),
  ),
  mute: spec('/mute <name> [10m|2h|1d]', 'Let a member only read for a while', 'mute_member', (rest) =>
    named(rest, 'Say whom to mute', parseMute),
  ),
  unmute: spec('/unmute <name>', 'Let a muted member write again', 'mute_member', (rest) =>
    onlyName(rest, 'Say whom to unmute'),
  ),
  kick: spec(
    '/kick <name>',
    'Remove a member; they may come back',
    'remove_member',
    (rest) => onlyName(rest, 'Say whom to remove'),
    ['remove'],
  ),
  ban: spec('/ban <name> [reason]', 'Remove a person and keep them out', 'ban_member', (rest) =>
    named(rest, 'Say whom to ban', ({ name, text }) =>
      text.length > 300 ? problem('Use at most 300 characters for the reason') : { args: { name, reason: text } },
    ),
  ),
  unban: spec('/unban <name>', 'Let a banned person come back', 'ban_member', (rest) =>
    onlyName(rest, 'Say whose ban to lift'),
  ),
  archive: spec(
    '/archive',
    'Archive this room: it stays readable, and nothing more happens in it',
    'archive_room',
    alone,
  ),
  notify: spec(
    '/notify <all|mentions|none>',
    'Choose what this room tells you about; none mutes it for you',
    null,
    (rest) => {
      const level = LEVELS.find((one) => one === rest.toLowerCase());
      return level ? { args: { level } } : problem('Choose all, mentions or none');
    },
  ),
  search: spec('/search <words>', 'Look for messages in this room', null, (rest) => ({ args: { words: rest } }), [
    'find',
  ]),
  me: spec('/me <does something>', 'Say what you do, in italics', 'chat', (rest) =>
    rest === '' ? problem('Say what you do') : { args: { text: rest } },
  ),
  shrug: spec('/shrug [text]', 'Shrug: ¯\\_(ツ)_/¯', 'chat', (rest) => ({ args: { text: rest } })),
  leave: spec('/leave', 'Leave this room', null, alone),
  help: spec('/help', 'Show every command and shortcut', null, () => ({ args: {} }), ['commands']),
} as const;

export type SlashCommandName = keyof typeof SLASH_COMMANDS;

type ArgsOf<Name extends SlashCommandName> = Extract<
  ReturnType<(typeof SLASH_COMMANDS)[Name]['parse']>,
  { args: unknown }
>['args'];

/** A command as it was understood. */
export type SlashCommand = {
  [Name in SlashCommandName]: { readonly kind: 'command'; readonly command: Name; readonly args: ArgsOf<Name> };
}[SlashCommandName];

export type SlashReading =
  | SlashCommand
  /** There is no such command; `suggestions` are what may have been meant, the likeliest first. */
  | { readonly kind: 'unknown'; readonly name: string; readonly suggestions: readonly SlashCommandName[] }
  /** There is, but what follows it is not what it needs. */
  | { readonly kind: 'problem'; readonly command: SlashCommandName; readonly problem: string };

const COMMAND = /^\s*\/([a-z][a-z-]*)(?:\s+|$)/i;
const ESCAPED = /^\s*\/(?=\/[a-z][a-z-]*(?:\s|$))/i;

/**
 * Whether a text is a slash command, known or not, and therefore must never be stored as chat: it begins with a slash and a
 * word of letters and dashes. `/usr/bin` is not one, nor is `//help`, which says `/help`.
 */
export const isSlashCommand = (text: string): boolean => COMMAND.test(text);

/** What a message says once it is stored: `//help me` says `/help me`; everything else says itself. */
export const spokenText = (text: string): string => text.replace(ESCAPED, '');

/** Reads a text as a slash command; null if it is not one and is to be said. */
export function parseSlashCommand(text: string): SlashReading | null {
  const [head, written] = COMMAND.exec(text) ?? [];
  if (head === undefined || written === undefined) {
    return null;
  }
  const name = written.toLowerCase();
  const command = NAMES.get(name);
  if (!command) {
    return { kind: 'unknown', name, suggestions: suggestionsFor(name) };
  }
  const parsed = SLASH_COMMANDS[command].parse(text.slice(head.length).trim());
  return 'args' in parsed
    ? ({ kind: 'command', command, args: parsed.args } as SlashCommand)
    : { kind: 'problem', command, problem: parsed.problem };
}

/** The commands whose name or other name begins like this, for completion; those that `may` lets pass. */
export function completeSlashCommand(begun: string, may: (ability: Ability) => boolean): SlashCommandName[] {
  const start = begun.toLowerCase();
  return slashCommandNames().filter((name) => {
    const { ability, aliases } = SLASH_COMMANDS[name];
    return (ability === null || may(ability)) && [name, ...aliases].some((one) => one.startsWith(start));
  });
}

export const slashCommandNames = (): SlashCommandName[] => Object.keys(SLASH_COMMANDS) as SlashCommandName[];

const NAMES: ReadonlyMap<string, SlashCommandName> = new Map(
  slashCommandNames().flatMap((name) => [name, ...SLASH_COMMANDS[name].aliases].map((one) => [one, name] as const)),
);

const MAX_SUGGESTIONS = 3;
const TYPING_ERRORS = 2;

function suggestionsFor(written: string): SlashCommandName[] {
  const near = [...NAMES].flatMap(([one, name]) => {
    const errors = one.startsWith(written) ? 0 : typingErrors(written, one);
    return errors <= Math.min(TYPING_ERRORS, one.length / 2, written.length / 2) ? [{ name, errors }] : [];
  });
  const likeliestFirst = near.sort((a, b) => a.errors - b.errors).map(({ name }) => name);
  return [...new Set(likeliestFirst)].slice(0, MAX_SUGGESTIONS);
}
