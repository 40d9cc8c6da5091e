import type { Clock } from '../clock.js';
import { combine, type Presence, PRESENCE_TTL_MS, type PresenceOf, type Sighting } from './presence.js';

interface Known {
  readonly connections: Map<string, { status: 'active' | 'idle'; expiresAt: number }>;
  lastSeenAt: string;
}

/** Presence within a single process. */
export class MemoryPresence implements Presence {
  private readonly members = new Map<string, Known>();

  constructor(private readonly clock: Clock) {}

  seen(sightings: readonly Sighting[]): Promise<void> {
    const now = this.clock.now();
    for (const { memberId, connectionId, status } of sightings) {
      const known: Known = this.members.get(memberId) ?? { connections: new Map(), lastSeenAt: '' };
      known.connections.set(connectionId, { status, expiresAt: now.getTime() + PRESENCE_TTL_MS });
      known.lastSeenAt = now.toISOString();
      this.members.set(memberId, known);
    }
    return Promise.resolve();
  }

  gone(memberId: string, connectionId: string): Promise<void> {
    const known = this.members.get(memberId);
    if (known?.connections.delete(connectionId)) {
      known.lastSeenAt = this.clock.now().toISOString();
    }
    return Promise.resolve();
  }

  of(memberIds: readonly string[]): Promise<ReadonlyMap<string, PresenceOf>> {
    const now = this.clock.now().getTime();
    return Promise.resolve(
      new Map(
        memberIds.map((id) => {
          const known = this.members.get(id);
          return [id, combine(known?.connections.values() ?? [], now, known?.lastSeenAt ?? null)];
        }),
      ),
    );
  }
}
