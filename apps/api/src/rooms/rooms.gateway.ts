import type {
  AgentRegister,
  AgentSelf,
  AgentStatusReport,
  JoinRoom,
  LeaveRoom,
  SetPresence,
} from '@clawtank/contracts';
import { PROTOCOL_VERSION } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { AgentInstances, Agents } from '../agents/index.js';
import type { AgentCaller, Caller, HumanCaller } from '../platform/caller.js';
import { Command } from '../platform/sockets/command.js';
import type { Connection } from '../platform/sockets/connection.js';
import { MemberBroadcast } from './member-broadcast.js';
import { PresenceUpdates } from './presence-updates.js';
import { RoomAccess } from './room-access.js';
import { SeatService } from './seat.service.js';

@Injectable()
export class RoomsGateway {
  constructor(
    private readonly access: RoomAccess,
    private readonly broadcast: MemberBroadcast,
    private readonly presence: PresenceUpdates,
    private readonly seats: SeatService,
    private readonly agents: Agents,
    private readonly instances: AgentInstances,
  ) {}

  @Command('join_room')
  join(caller: Caller, request: JoinRoom, connection: Connection) {
    return this.broadcast.join(caller, request, connection);
  }

  @Command('leave_room')
  leave(_caller: Caller, { roomId }: LeaveRoom, connection: Connection): void {
    this.broadcast.leave(roomId, connection);
  }

  @Command('set_presence')
  setPresence(_caller: HumanCaller, { status }: SetPresence, connection: Connection): Promise<void> {
    return this.presence.set(connection, status);
  }

  @Command('agent_register')
  async register(
    caller: AgentCaller,
    { capabilities, instance }: AgentRegister,
    connection: Connection,
  ): Promise<AgentSelf> {
    await this.instances.take(connection, caller.agentId, instance);
    await this.agents.register(caller.agentId, capabilities);
    return {
      agentId: caller.agentId,
      name: caller.name,
      ownerId: caller.userId,
      protocolVersion: PROTOCOL_VERSION,
      commitEmail: this.agents.commitEmailOf(caller.agentId),
      rooms: await this.access.roomsOf(caller.agentId),
    };
  }

  @Command('agent_status')
  reportStatus(caller: AgentCaller, report: AgentStatusReport): Promise<void> {
    return this.seats.reportStatus(caller, report);
  }
}
