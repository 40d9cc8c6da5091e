import { isDeepStrictEqual, inspect } from 'node:util';
import { setTimeout as wait } from 'node:timers/promises';

const ASK_AGAIN_MS = 20;

/** A promise that was not kept: what was promised, what was expected, and what was there instead. */
export class Broken extends Error {
  constructor(
    readonly promise: string,
    readonly expected: string,
    readonly observed: string,
  ) {
    super(`${promise}\n  expected: ${expected}\n  observed: ${observed}`);
  }
}

const show = (value: unknown): string =>
  inspect(value, { depth: 6, maxArrayLength: 20, maxStringLength: 300, breakLength: 120 });

export function equal<Value>(promise: string, observed: Value, expected: Value): void {
  if (!isDeepStrictEqual(plain(observed), plain(expected))) {
    throw new Broken(promise, ...apart(plain(expected), plain(observed)));
  }
}

export function atMost(promise: string, observed: number, limit: number): void {
  if (!(observed <= limit)) {
    throw new Broken(promise, `at most ${limit}`, String(observed));
  }
}

export function atLeast(promise: string, observed: number, limit: number): void {
  if (!(observed >= limit)) {
    throw new Broken(promise, `at least ${limit}`, String(observed));
  }
}

export function oneOf<Value>(promise: string, observed: Value, allowed: readonly Value[]): void {
  if (!allowed.includes(observed)) {
    throw new Broken(promise, `one of ${show(allowed)}`, show(observed));
  }
}

export function isTrue(promise: string, holds: boolean, observed: unknown = holds): void {
  if (!holds) {
    throw new Broken(promise, 'that it holds', show(observed));
  }
}

/** Asks until there is an answer; for what happens soon after, not at once. `observe` says what there was when time was up. */
export async function within<Answer>(
  milliseconds: number,
  promise: string,
  ask: () => Answer | undefined | null | false | Promise<Answer | undefined | null | false>,
  observe: () => unknown = () => 'nothing of the kind',
): Promise<Answer> {
  for (const deadline = performance.now() + milliseconds; ;) {
    const answer = await ask();
    if (answer !== undefined && answer !== null && answer !== false) {
      return answer;
    }
    if (performance.now() > deadline) {
      throw new Broken(promise, `within ${milliseconds} ms`, show(observe()));
    }
    await wait(ASK_AGAIN_MS);
  }
}

/** Values as they would arrive over the wire: what is undefined is absent. */
function plain<Value>(value: Value): Value {
  return value === undefined ? value : (JSON.parse(JSON.stringify(value)) as Value);
}

/** Both sides, cut down to where they first differ, so that the report of a large list stays readable. */
function apart(expected: unknown, observed: unknown, path = ''): [string, string] {
  const label = (value: unknown): string => (path === '' ? show(value) : `at ${path}: ${show(value)}`);
  if (!isContainer(expected) || !isContainer(observed) || Array.isArray(expected) !== Array.isArray(observed)) {
    return [label(expected), label(observed)];
  }
  if (
    Array.isArray(expected) &&
    Array.isArray(observed) &&
    expected.length !== observed.length &&
    expected.length < 20
  ) {
    return [label(expected), label(observed)];
  }
  const keys = new Set([...Object.keys(expected), ...Object.keys(observed)]);
  for (const key of keys) {
    if (!isDeepStrictEqual(expected[key], observed[key])) {
      return apart(expected[key], observed[key], path === '' ? key : `${path}.${key}`);
    }
  }
  return [label(expected), label(observed)];
}

const isContainer = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
