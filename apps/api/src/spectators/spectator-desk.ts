import { Inject, Injectable, Logger } from '@nestjs/common';
import { AUTHENTICATOR, type Authenticator } from '../platform/authenticator.js';
import { Clock } from '../platform/clock.js';
import { type Limiter, RateLimits } from '../platform/rate-limits.js';
import { Connections } from '../platform/sockets/connections.js';
import { Telemetry } from '../platform/telemetry.js';
import { RoomAccess, RoomFeed } from '../rooms/index.js';
import { SpectatorChatFeed } from './chat/spectator-chat.feed.js';
import { SpectatorChatReader } from './chat/spectator-chat.reader.js';
import { SpectatorChat } from './chat/spectator-chat.service.js';
import { SpectatorIdentity } from './chat/spectator-identity.js';
import { PublicRoomReader } from './public-room.reader.js';
import { SpectatedRooms } from './spectated-rooms.js';
import type { SpectatorLine } from './spectator-line.js';
import { SpectatorLimits } from './spectator-limits.js';
import { serverRestarts } from './spectator-refusal.js';
import { SpectatorSession } from './spectator-session.js';

/** Where spectators arrive, by whatever transport, and what their sessions need. */
@Injectable()
export class SpectatorDesk {
  readonly logger = new Logger('Spectators');
  private readonly sessions = new Set<SpectatorSession>();
  private readonly arrivals: Limiter;
  private isDraining = false;

  constructor(
    readonly rooms: SpectatedRooms,
    readonly reader: PublicRoomReader,
    readonly feed: RoomFeed,
    readonly access: RoomAccess,
    readonly connections: Connections,
    readonly limits: SpectatorLimits,
    readonly identity: SpectatorIdentity,
    readonly chat: SpectatorChat,
    readonly chatReader: SpectatorChatReader,
    readonly chatFeed: SpectatorChatFeed,
    @Inject(AUTHENTICATOR) readonly authenticator: Authenticator,
    private readonly clock: Clock,
    private readonly telemetry: Telemetry,
    rateLimits: RateLimits,
  ) {
    telemetry.connections.inc({ kind: 'spectator' }, 0); // there from the start, also while nobody watches
    chatFeed.onStandingChanged((roomId, subjects) => rooms.chatChanged(roomId, subjects));
    this.arrivals = rateLimits.named('spectators', { points: limits.connectionsPerMinute, seconds: 60 });
  }

  now(): Date {
    return this.clock.now();
  }

  open(line: SpectatorLine): SpectatorSession {
    const session = new SpectatorSession(line, this);
    this.sessions.add(session);
    this.telemetry.connections.inc({ kind: 'spectator' });
    return session;
  }

  closed(session: SpectatorSession): void {
    if (this.sessions.delete(session)) {
      this.telemetry.connections.dec({ kind: 'spectator' });
    }
  }

  /** Refuses whoever opens too many connections, and everybody while the server stops. */
  async admit(address: string): Promise<void> {
    if (this.isDraining) {
      throw serverRestarts();
    }
    await this.arrivals.consume(address);
  }

  /** Sends everybody away, to come back each at another moment. */
  drain(): void {
    this.isDraining = true;
    for (const session of [...this.sessions]) {
      session.dismiss(serverRestarts());
    }
  }
}
