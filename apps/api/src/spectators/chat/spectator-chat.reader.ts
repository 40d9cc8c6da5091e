import { MAX_SPECTATOR_MESSAGE, MAX_SPECTATOR_NAME, type SpectatorChat } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../../platform/clock.js';
import { SharedReads } from '../../platform/database/shared-reads.js';
import { RoomEntity } from '../../rooms/index.js';
import { isOpen } from './domain/chat-mode.js';
import { muteSubjects, type Speaker, speakerKey } from './domain/who-speaks.js';
import { presentToSpectators, SpectatorChatStore, type SpectatorMessageRow } from './spectator-chat.store.js';

const NEWEST = 50;
/** Past this many missed changes a fresh start is the shorter way. */
const MAX_RECOVERED = 100;

interface ChatNow {
  readonly isOpen: boolean;
  readonly slowModeSeconds: number;
  readonly revision: number;
  readonly newest: readonly SpectatorMessageRow[];
  readonly changes: readonly SpectatorMessageRow[];
  readonly mutes: ReadonlyMap<string, Date>;
}

/** Who asks, and what they have of the chat already. */
export interface ChatVisitor {
  readonly roomId: string;
  readonly speaker: Speaker;
  readonly origin: string;
  readonly lastRevision: number | undefined;
}

/** Reads a room's chat for those who arrive. Those who come together are read together; nothing is kept. */
@Injectable()
export class SpectatorChatReader {
  private readonly reads = new SharedReads<ChatNow>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly store: SpectatorChatStore,
    private readonly clock: Clock,
  ) {}

  /** The chat as it is for this spectator: what they missed, or the newest messages. While it is closed, nothing of it. */
  async read({ roomId, speaker, origin, lastRevision }: ChatVisitor): Promise<SpectatorChat> {
    const chat = await this.reads.ask(roomId, () => this.readNow(roomId));
    const missed = chat.isOpen ? missedSince(chat, lastRevision) : null;
    const told = missed ?? (chat.isOpen ? chat.newest : []);
    const subjects = muteSubjects(speakerKey(speaker), speaker.type, origin);
    const mutedUntil = subjects.flatMap((subject) => chat.mutes.get(subject)?.getTime() ?? []);
    return {
      room_id: roomId,
      enabled: chat.isOpen,
      slow_mode_seconds: chat.slowModeSeconds,
      max_message_length: MAX_SPECTATOR_MESSAGE,
      max_name_length: MAX_SPECTATOR_NAME,
      display_name: speaker.type === 'anonymous' ? null : speaker.name,
      muted_until: mutedUntil.length > 0 ? new Date(Math.max(...mutedUntil)).toISOString() : null,
      recovered: missed !== null,
      revision: chat.revision,
      messages: told.filter(({ deleted_at }) => deleted_at === null).map(presentToSpectators),
      deleted: told.filter(({ deleted_at }) => deleted_at !== null).map(({ id }) => id),
    };
  }

  private async readNow(roomId: string): Promise<ChatNow> {
    const room = await this.dataSource.manager.findOneBy(RoomEntity, { id: roomId });
    // The head first: what comes in between is told twice rather than missed.
    const revision = (await this.store.heads([roomId])).get(roomId) ?? 0;
    return {
      isOpen: room !== null && isOpen(room),
      slowModeSeconds: room?.settings.slowModeSeconds ?? 0,
      revision,
      newest: await this.store.newest(roomId, undefined, NEWEST),
      changes: await this.store.latestChanges(roomId, MAX_RECOVERED),
      mutes: await this.store.mutes(roomId, this.clock.now()),
    };
  }
}

/** What changed after `lastRevision`, if all of that was read. */
function missedSince(
  { revision, changes }: ChatNow,
  lastRevision: number | undefined,
): readonly SpectatorMessageRow[] | null {
  if (lastRevision === undefined || lastRevision > revision) {
    return null;
  }
  const missed = changes.filter((row) => Number(row.revision) > lastRevision);
  return missed.length < MAX_RECOVERED ? missed : null;
}
