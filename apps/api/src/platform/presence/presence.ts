import type { PresenceStatus } from '@clawtank/contracts';

export interface Sighting {
  readonly memberId: string;
  readonly connectionId: string;
  readonly status: 'active' | 'idle';
}

export interface PresenceOf {
  readonly status: PresenceStatus;
  /** ISO 8601; null if never seen. */
  readonly lastSeenAt: string | null;
}

/**
 * How long a connection counts as there unless it is seen again. Every process looks at its rooms every fifteen seconds: those of
 * one that was killed are shown as away within the minute that is promised.
 */
export const PRESENCE_TTL_MS = 40_000;

/**
 * Who is connected, over all processes. Each connection expires by itself, so that a killed process leaves no ghosts.
 * Lossy and cheap; never in a room's log.
 */
export interface Presence {
  seen(sightings: readonly Sighting[]): Promise<void>;
  gone(memberId: string, connectionId: string): Promise<void>;
  /** For every id asked, in no particular order; a member is active if any of their connections is. */
  of(memberIds: readonly string[]): Promise<ReadonlyMap<string, PresenceOf>>;
}

export const PRESENCE = Symbol('Presence');

interface LiveConnection {
  readonly status: 'active' | 'idle';
  readonly expiresAt: number;
}

/** What several connections of one member add up to. */
export function combine(connections: Iterable<LiveConnection>, now: number, lastSeenAt: string | null): PresenceOf {
  let status: PresenceStatus = 'offline';
  for (const connection of connections) {
    if (connection.expiresAt > now && status !== 'active') {
      status = connection.status;
    }
  }
  return { status, lastSeenAt };
}
