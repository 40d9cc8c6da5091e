import { type ActivityItem, type ChatMessage, isActivity, type Member, type RoomInfo } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { actorOf, type Caller } from '../../platform/caller.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { type Limiter, RateLimits } from '../../platform/rate-limits.js';
import { AuditLog, type LogEntry, presentRoom, readMembers, RoomAccess, RoomLog } from '../../rooms/index.js';
import { MessageReader } from '../message.reader.js';

/** One line of an export. The last one says how much there was, so that a file that was cut off can be told from a whole one. */
export type ExportLine =
  | { readonly kind: 'room'; readonly exportedAt: string; readonly seq: number; readonly room: RoomInfo }
  | { readonly kind: 'member'; readonly member: Member }
  | { readonly kind: 'message'; readonly message: ChatMessage }
  | { readonly kind: 'activity'; readonly activity: ActivityItem }
  | { readonly kind: 'end'; readonly messages: number; readonly activity: number };

type EntryLine = Extract<ExportLine, { kind: 'message' | 'activity' }>;

const EXPORTS = { points: 10, seconds: 3600 };
const PAGE = 500;

/** Hands out a whole room, a page of its log at a time. */
@Injectable()
export class RoomExport {
  private readonly limiter: Limiter;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly rooms: RoomAccess,
    private readonly log: RoomLog,
    private readonly audit: AuditLog,
    private readonly reader: MessageReader,
    limits: RateLimits,
  ) {
    this.limiter = limits.named('exports', EXPORTS);
  }

  /** Keeps on record that the room was exported, and begins. What is refused is refused here, before the first line. */
  async begin(caller: Caller, roomId: string): Promise<AsyncGenerator<ExportLine>> {
    await this.rooms.look(caller, roomId, 'export_room');
    await this.limiter.consume(caller.id);
    return this.unitOfWork.run(async (work) => {
      const { room } = await this.rooms.look(caller, roomId, 'export_room', work.manager);
      await this.audit.record(work, {
        roomId,
        action: 'room.exported',
        actor: actorOf(caller),
        details: { seq: room.lastSeq },
      });
      const opening: ExportLine[] = [
        { kind: 'room', exportedAt: work.now.toISOString(), seq: room.lastSeq, room: presentRoom(room) },
        ...(await readMembers(work.manager, roomId)).map((member) => ({ kind: 'member' as const, member })),
      ];
      return this.lines(caller, roomId, opening, room.lastSeq);
    });
  }

  /** Everything up to `head`, in the order of the log; messages as they stand when their page is read. */
  private async *lines(
    caller: Caller,
    roomId: string,
    opening: readonly ExportLine[],
    head: number,
  ): AsyncGenerator<ExportLine> {
    yield* opening;
    const counts = { message: 0, activity: 0 };
    for (let seq = 0; seq < head;) {
      await this.rooms.look(caller, roomId, 'export_room'); // it may have been taken away meanwhile
      const entries = await this.log.after(roomId, seq, Math.min(PAGE, head - seq));
      for (const line of await this.linesOf(entries)) {
        counts[line.kind]++;
        yield line;
      }
      seq = entries.at(-1)?.event.seq ?? head;
    }
    yield { kind: 'end', messages: counts.message, activity: counts.activity };
  }

  private async linesOf(entries: readonly LogEntry[]): Promise<EntryLine[]> {
    const ids = entries.flatMap(({ event }) => (event.type === 'chat.message' ? [event.id] : []));
    const messages = new Map((await this.reader.byId(ids)).map((message) => [message.id, message]));
    return entries.flatMap(({ event }): EntryLine[] => {
      const message = messages.get(event.id);
      return message
        ? [{ kind: 'message', message }]
        : isActivity(event)
          ? [{ kind: 'activity', activity: event }]
          : [];
    });
  }
}
