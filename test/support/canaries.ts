import { ROOM_EVENT_DATA, Actor, type RoomEvent } from '@clawtank/contracts';
import * as z from 'zod';

/** A copy of an event in which every text that anybody could have written is a canary, and where each canary sits. */
export interface Canaried<Event extends RoomEvent> {
  readonly event: Event;
  /** Canary → its place, e.g. `data.task.title`. */
  readonly places: ReadonlyMap<string, string>;
}

const CANARY = /⟦\d+⟧/g;
let planted = 0;

/** Puts a canary into every string of the event, except those for which the contract knows a fixed set of words. */
export function withCanaries<Event extends RoomEvent>(event: Event): Canaried<Event> {
  const places = new Map<string, string>();
  const parts = z.object({ actor: Actor, data: ROOM_EVENT_DATA[event.type] as z.ZodType });
  // Not structuredClone: it would keep parts that are shared within the event shared, and one place would get another's canary.
  const copy = JSON.parse(JSON.stringify({ actor: event.actor, data: event.data })) as Pick<Event, 'actor' | 'data'>;
  for (const path of stringPaths(copy)) {
    const canary = `⟦${++planted}⟧`;
    const word = get(copy, path);
    set(copy, path, canary);
    if (isFixedWord(parts.safeParse(copy), path)) {
      set(copy, path, word);
    } else {
      places.set(canary, path.map((part) => (typeof part === 'number' ? '*' : part)).join('.'));
    }
  }
  return { event: { ...event, ...copy }, places };
}

/** The canaries in a text, each once. */
export const canariesIn = (text: string): string[] => [...new Set(text.match(CANARY) ?? [])];

type Path = (string | number)[];

function isFixedWord(result: z.ZodSafeParseResult<unknown>, path: Path): boolean {
  const issues = result.error?.issues ?? [];
  return issues.some((issue) => issue.code === 'invalid_value' && issue.path.join('.') === path.join('.'));
}

function stringPaths(value: unknown, path: Path = []): Path[] {
  if (typeof value === 'string') {
    return [path];
  }
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  return Object.entries(value).flatMap(([key, part]) =>
    stringPaths(part, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

const get = (root: object, path: Path): unknown =>
  path.reduce<unknown>((value, part) => (value as Record<string, unknown>)[part], root);

function set(root: object, path: Path, value: unknown): void {
  (get(root, path.slice(0, -1)) as Record<string, unknown>)[path.at(-1) ?? ''] = value;
}
