import { Id } from '@clawtank/contracts';
import type { PushFact } from './git-fact.js';

const TRAILER = /^ClawTank-Task:[ \t]*(\S+)[ \t]*$/gim;

/** The tasks that the commits of a push name in their trailers, newest first. */
export function namedTasks({ commits }: Pick<PushFact, 'commits'>): string[] {
  const named = commits.toReversed().flatMap(({ message }) => [...message.matchAll(TRAILER)].map(([, id]) => id));
  return [...new Set(named.flatMap((id) => Id.safeParse(id).data ?? []))];
}
