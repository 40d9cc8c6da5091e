import {
  CONTEXT_MESSAGES,
  effectiveLimits,
  FINISHED_TASK_STATES,
  type GetRoomContext,
  type RoomContext,
  type Task,
} from '@clawtank/contracts';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { AgentCaller } from '../platform/caller.js';
import { SETTINGS, type Settings } from '../platform/config/settings.js';
import { notFound } from '../platform/errors/refusal.js';
import { Command } from '../platform/sockets/command.js';
import { SocketServers } from '../platform/sockets/socket-servers.js';
import { ActiveFiles } from './active-files.js';
import { AgentView } from './agent-view.js';
import { RoomAccess } from './room-access.js';
import { RoomSnapshot } from './room-snapshot.js';
import { RoomWork } from './room-work.js';

/** What an agent has to know to work in a room: as one document, at one moment. */
@Injectable()
export class RoomContexts {
  private readonly logger = new Logger(RoomContexts.name);

  constructor(
    private readonly access: RoomAccess,
    private readonly snapshots: RoomSnapshot,
    private readonly agentView: AgentView,
    private readonly activeFiles: ActiveFiles,
    private readonly work: RoomWork,
    private readonly servers: SocketServers,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  @Command('get_room_context')
  async read(caller: AgentCaller, { roomId }: GetRoomContext): Promise<RoomContext> {
    const { abilities } = await this.access.arrive(caller, roomId);
    const state = await this.agentView.state(caller, await this.snapshots.read(roomId));
    const { room, members, messages, epoch, seq } = state;
    const seat = members.find(({ id }) => id === caller.agentId);
    if (!seat) {
      throw notFound('room'); // it was taken away a moment ago
    }
    const leases = await this.work.leasesOf(roomId, caller.agentId);
    const unfinished = state.tasks.filter((task) => !FINISHED_TASK_STATES.includes(task.state));
    const isOwn = (task: Task) => (task.lease?.holder ?? task.assignedTo)?.id === caller.agentId;
    return {
      roomId,
      name: room.name,
      description: room.description,
      topics: room.topics,
      language: room.language,
      visibility: room.visibility,
      archived: room.archivedAt !== null,
      settings: room.settings,
      repository: room.repository && {
        cloneUrl: new URL(room.repository.cloneUrl, this.settings.publicUrl).href,
        defaultBranch: room.repository.defaultBranch,
      },
      members: members.map(({ id, type, name, role, userId, ownerName }) => ({
        ...{ id, type, name, role, userId, ownerName },
      })),
      seat: {
        role: seat.role,
        abilities: [...abilities],
        pausedAt: seat.pausedAt,
        mutedUntil: seat.mutedUntil,
        limits: effectiveLimits(seat.limits, room.settings.agentLimits),
      },
      ownTasks: unfinished
        .filter(isOwn)
        .map((task) => ({ task, lease: leases.find(({ taskId }) => taskId === task.id) ?? null })),
      openTasks: unfinished.filter((task) => !isOwn(task)),
      messages: messages.slice(-CONTEXT_MESSAGES),
      activeFiles: this.activeFiles.of(roomId),
      epoch,
      seq,
    };
  }

  /** Tells an agent, if it is there, of a room in which it was given a seat. */
  tell(caller: AgentCaller, roomId: string): void {
    this.read(caller, { roomId }).then(
      (context) => this.servers.toMember(caller.agentId, 'room_context', context),
      (error: unknown) => this.logger.debug(error), // the seat is gone again; otherwise the next registration names the room
    );
  }
}
