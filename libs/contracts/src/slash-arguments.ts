import { Handle } from './primitives.js';
import { MAX_SLOW_MODE_SECONDS, MuteMember } from './rooms.js';

/** What follows the name of a command, understood, or what is wrong with it in words for whoever wrote it. */
export type Parsed<Args> = { readonly args: Args } | { readonly problem: string };

const DEFAULT_MUTE_MINUTES = 10;

export function problem(words: string): { readonly problem: string } {
  return { problem: words };
}

export function alone(rest: string): Parsed<object> {
  return rest === '' ? { args: {} } : problem('Write nothing after this command');
}

/** `@name rest`: the name without its `@`; null unless the text begins with one. */
export function addressee(rest: string): { name: string | null; text: string } {
  const [head, name] = /^@(\S+)\s*/.exec(rest) ?? [];
  return head !== undefined && name !== undefined && isName(name)
    ? { name, text: rest.slice(head.length) }
    : { name: null, text: rest };
}

/** `name rest`, with or without the `@`. */
export function named<Args>(
  rest: string,
  whenNone: string,
  go: (said: { name: string; text: string }) => Parsed<Args>,
): Parsed<Args> {
  const [head, name = ''] = /^@?(\S*)\s*/.exec(rest) ?? [];
  if (name === '') {
    return problem(whenNone);
  }
  return isName(name) ? go({ name, text: rest.slice(head?.length) }) : problem(`“${name}” cannot be a name`);
}

export function onlyName(rest: string, whenNone: string): Parsed<{ name: string }> {
  return named(rest, whenNone, ({ name, text }) =>
    text === '' ? { args: { name } } : problem('Write only a name after this command'),
  );
}

const isName = (name: string): boolean => Handle.safeParse(name).success;

export function parseSlow(rest: string): Parsed<{ seconds: number }> {
  const seconds = rest.toLowerCase() === 'off' ? 0 : secondsOf(rest, 's');
  if (seconds === null) {
    return problem('Say for how long, such as 30s or 5m, or off');
  }
  return seconds > MAX_SLOW_MODE_SECONDS ? problem('Members wait an hour at most') : { args: { seconds } };
}

export function parseMute({ name, text }: { name: string; text: string }): Parsed<{ name: string; minutes: number }> {
  const seconds = text === '' ? DEFAULT_MUTE_MINUTES * 60 : secondsOf(text, 'm');
  if (seconds === null) {
    return problem('Say for how long, such as 10m, 2h or 1d');
  }
  const minutes = MuteMember.shape.minutes.safeParse(Math.ceil(seconds / 60));
  return minutes.success ? { args: { name, minutes: minutes.data } } : problem('Mute for a minute up to 30 days');
}

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** `90`, `10m`, `2 hours`: as seconds; null if it is no length of time. A bare number counts in `unit`. */
function secondsOf(text: string, unit: keyof typeof SECONDS): number | null {
  const [, amount, written = unit] =
    /^(\d{1,6})\s*(s|sec|seconds?|m|min|minutes?|h|hours?|d|days?)?$/.exec(text.toLowerCase()) ?? [];
  return amount === undefined ? null : Number(amount) * SECONDS[written[0] as keyof typeof SECONDS];
}
