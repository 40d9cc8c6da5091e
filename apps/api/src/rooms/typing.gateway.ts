import type { Typing } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import type { Caller } from '../platform/caller.js';
import { type Limiter, RateLimits } from '../platform/rate-limits.js';
import { Command } from '../platform/sockets/command.js';
import { SocketServers } from '../platform/sockets/socket-servers.js';
import { DirectTalk } from './direct-talk.js';
import { groupOf } from './member-broadcast.js';
import { RoomAccess } from './room-access.js';

const MOST_OFTEN_SECONDS = 2;

/**
 * Says who is writing: lossy, never stored. Of one member in one room at most one word in two seconds goes out, over all
 * processes and whatever they send; the rest is accepted and forgotten before the database is asked anything.
 */
@Injectable()
export class TypingGateway {
  private readonly limiter: Limiter;

  constructor(
    private readonly access: RoomAccess,
    private readonly direct: DirectTalk,
    private readonly servers: SocketServers,
    limits: RateLimits,
  ) {
    this.limiter = limits.named('typing', { points: 1, seconds: MOST_OFTEN_SECONDS });
  }

  @Command('typing')
  async typing(caller: Caller, { roomId, threadId, toMemberId }: Typing): Promise<void> {
    if (!(await this.limiter.allows(`${caller.id}:${roomId}`))) {
      return;
    }
    const word = { roomId, memberId: caller.id, name: caller.name, threadId: threadId ?? null };
    if (toMemberId !== undefined) {
      await this.direct.require(caller, roomId, toMemberId);
      this.servers.toMemberLossily(toMemberId, 'typing', { ...word, direct: true });
      return;
    }
    await this.access.look(caller, roomId, 'chat');
    this.servers.toGroupLossily(groupOf(roomId), caller.id, 'typing', { ...word, direct: false });
  }
}
