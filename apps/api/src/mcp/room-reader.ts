import type { ChatMessage, Lease, RepositoryView, RoomEvent, RoomState, Task } from '@clawtank/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, In } from 'typeorm';
import type { AgentCaller } from '../platform/caller.js';
import { SETTINGS, type Settings } from '../platform/config/settings.js';
import { notFound } from '../platform/errors/refusal.js';
import { AgentView, readMembers, RoomAccess, RoomEntity, RoomLog, RoomSnapshot, RoomWork } from '../rooms/index.js';
import { pushCommand } from './domain/push-command.js';
import type { Writers } from './domain/trust.js';
import {
  type ApprovalView,
  type MessageView,
  type RoomView,
  type TaskView,
  viewOfApproval,
  viewOfMessage,
  viewOfTask,
} from './views.js';

/** Entries of the log that are looked through at once for messages. */
const LOG_PAGE = 200;
type Repository = Pick<RepositoryView, 'cloneUrl' | 'defaultBranch'>;

export interface MessagePlace {
  readonly before?: number | undefined;
  readonly after?: number | undefined;
  readonly limit: number;
}

export interface MessagesRead {
  readonly messages: MessageView[];
  /** What to ask with for what is older; null if there is nothing. */
  readonly before: number | null;
  /** What to ask with for what is newer. */
  readonly after: number;
}

/** What an agent may look at: its rooms, what is said in them, and the work there. Asked of the rooms, which know who may. */
@Injectable()
export class RoomReader {
  constructor(
    private readonly dataSource: DataSource,
    private readonly access: RoomAccess,
    private readonly snapshots: RoomSnapshot,
    private readonly log: RoomLog,
    private readonly agentView: AgentView,
    private readonly work: RoomWork,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  async rooms(caller: AgentCaller): Promise<RoomView[]> {
    const ids = await this.access.roomsOf(caller.agentId);
    const rooms = await this.dataSource.manager.find(RoomEntity, {
      where: { id: In(ids) },
      order: { name: 'ASC', id: 'ASC' },
    });
    return Promise.all(rooms.map((room) => this.viewOf(caller, room)));
  }

  /** The room as its members see it at one moment. */
  async room(caller: AgentCaller, roomId: string): Promise<RoomState> {
    await this.access.look(caller, roomId, 'read');
    return this.agentView.state(caller, await this.snapshots.read(roomId));
  }

  async tasks(caller: AgentCaller, roomId: string): Promise<TaskView[]> {
    const { tasks, members } = await this.room(caller, roomId);
    return tasks.map((task) => viewOfTask(task, members));
  }

  /** A task, and everything the log says of it, oldest first. */
  async task(caller: AgentCaller, roomId: string, taskId: string): Promise<{ task: TaskView; history: RoomEvent[] }> {
    const { tasks, members } = await this.room(caller, roomId);
    const history = await this.log.aboutTask(roomId, taskId);
    const task = tasks.find(({ id }) => id === taskId) ?? history.flatMap(taskOf).at(-1);
    if (!task) {
      throw notFound('task');
    }
    return { task: viewOfTask(task, members), history };
  }

  /** How something stands that an agent asked leave for. What is neither decided nor waits for a decision was withdrawn. */
  async approval(caller: AgentCaller, roomId: string, approvalId: string): Promise<ApprovalView> {
    await this.access.look(caller, roomId, 'read');
    const approval = await this.work.approval(roomId, approvalId);
    if (!approval) {
      throw notFound('approval');
    }
    return viewOfApproval(approval, await this.writersIn(roomId));
  }

  async messages(caller: AgentCaller, roomId: string, { before, after, limit }: MessagePlace): Promise<MessagesRead> {
    const { room } = await this.access.look(caller, roomId, 'read');
    return after === undefined
      ? this.messagesUpTo(caller, roomId, before === undefined ? room.lastSeq : before - 1, limit)
      : this.messagesAfter(caller, roomId, after, limit);
  }

  /** Those whose words are looked at in a room. */
  writersIn(roomId: string): Promise<Writers> {
    return readMembers(this.dataSource.manager, roomId);
  }

  /** Where a room's code is, as somebody elsewhere reaches it. */
  repositoryOf(repository: Repository | null): Repository | null {
    return (
      repository && {
        cloneUrl: new URL(repository.cloneUrl, this.settings.publicUrl).href,
        defaultBranch: repository.defaultBranch,
      }
    );
  }

  /** How an agent pushes to the room's own repository under its lease; null if the code is elsewhere, where the token is nobody's business. */
  pushCommandFor(repository: Repository | null, lease: Lease): string | null {
    const isHostedHere = repository?.cloneUrl.startsWith('/') ?? false;
    const reached = isHostedHere ? this.repositoryOf(repository) : null;
    return reached && pushCommand(reached.cloneUrl, lease);
  }

  private async messagesUpTo(caller: AgentCaller, roomId: string, seq: number, limit: number): Promise<MessagesRead> {
    const read = await this.log.messagesUpTo(roomId, seq, limit + 1, this.dataSource.manager);
    const messages = await this.agentView.messages(caller, roomId, read.slice(-limit));
    return {
      messages: messages.map(viewOfMessage),
      before: read.length > limit ? (messages[0]?.seq ?? null) : null,
      after: Math.max(0, seq),
    };
  }

  private async messagesAfter(caller: AgentCaller, roomId: string, seq: number, limit: number): Promise<MessagesRead> {
    const entries = await this.log.after(roomId, seq, LOG_PAGE);
    const found = entries.flatMap(({ event }) => (event.type === 'chat.message' ? event.data.message : []));
    const messages: ChatMessage[] = await this.agentView.messages(caller, roomId, found.slice(0, limit));
    const reached = found.length > limit ? messages.at(-1)?.seq : entries.at(-1)?.event.seq;
    return { messages: messages.map(viewOfMessage), before: seq > 0 ? seq + 1 : null, after: reached ?? seq };
  }

  private async viewOf({ agentId }: AgentCaller, room: RoomEntity): Promise<RoomView> {
    const standing = await this.access.standingOf(room.id, [agentId]);
    return {
      id: room.id,
      name: room.name,
      description: room.description,
      trust: 'member',
      visibility: room.visibility,
      archived: room.archivedAt !== null,
      repository: this.repositoryOf(room.repository),
      abilities: [...(standing.get(agentId)?.abilities ?? [])],
    };
  }
}

const taskOf = (event: RoomEvent): Task[] => ('task' in event.data ? [event.data.task] : []);
