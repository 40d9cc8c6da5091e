import type { Clock } from '../clock.js';
import { combine, type Presence, PRESENCE_TTL_MS, type PresenceOf, type Sighting } from './presence.js';

interface Known {
  /** Few: mostly one. */
  connections: readonly { readonly id: string; readonly status: 'active' | 'idle'; readonly expiresAt: number }[];
  seenAt: number;
}

/** Presence within a single process. */
export class MemoryPresence implements Presence {
  private readonly members = new Map<string, Known>();

  constructor(private readonly clock: Clock) {}

  seen(sightings: readonly Sighting[]): Promise<void> {
    const now = this.clock.now().getTime();
    const expiresAt = now + PRESENCE_TTL_MS;
    for (const { memberId, connectionId, status } of sightings) {
      const others = this.members.get(memberId)?.connections.filter(({ id }) => id !== connectionId) ?? [];
      this.members.set(memberId, { connections: [...others, { id: connectionId, status, expiresAt }], seenAt: now });
    }
    return Promise.resolve();
  }

  gone(memberId: string, connectionId: string): Promise<void> {
    const known = this.members.get(memberId);
    if (known?.connections.some(({ id }) => id === connectionId)) {
      known.connections = known.connections.filter(({ id }) => id !== connectionId);
      known.seenAt = this.clock.now().getTime();
    }
    return Promise.resolve();
  }

  of(memberIds: readonly string[]): Promise<ReadonlyMap<string, PresenceOf>> {
    const now = this.clock.now().getTime();
    return Promise.resolve(
      new Map(
        memberIds.map((id) => {
          const known = this.members.get(id);
          return [id, combine(known?.connections ?? [], now, known ? new Date(known.seenAt).toISOString() : null)];
        }),
      ),
    );
  }
}
