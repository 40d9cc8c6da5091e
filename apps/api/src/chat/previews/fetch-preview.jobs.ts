import type { LinkPreview } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { DomainEventMap } from '../../events/domain-events.js';
import { SYSTEM } from '../../platform/caller.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { OnDomainEvent } from '../../platform/outbox/on-domain-event.js';
import { JobHandler } from '../../platform/queues/job-handler.js';
import { JobQueue } from '../../platform/queues/job-queue.js';
import type { JobMap } from '../../platform/queues/jobs.js';
import { type Limiter, RateLimits } from '../../platform/rate-limits.js';
import { RoomAccess, RoomEntity, RoomLog } from '../../rooms/index.js';
import { pageText } from '../domain/page-text.js';
import { MessageReader } from '../message.reader.js';
import { PageFetcher } from './page-fetcher.js';
import { PreviewStore, wantedAddress } from './preview.store.js';

const PER_ROOM = { points: 20, seconds: 60 };
/** Slow servers must not keep all workers from other jobs: beyond this, messages go without. */
const MAX_AT_ONCE = 4;

/** Looks where messages lead and tells the room. A preview is a courtesy: where there is none, nothing is missing. */
@Injectable()
export class FetchPreview {
  private readonly perRoom: Limiter;
  private underWay = 0;

  constructor(
    private readonly dataSource: DataSource,
    private readonly unitOfWork: UnitOfWork,
    private readonly rooms: RoomAccess,
    private readonly log: RoomLog,
    private readonly jobs: JobQueue,
    private readonly reader: MessageReader,
    private readonly pages: PageFetcher,
    private readonly previews: PreviewStore,
    limits: RateLimits,
  ) {
    this.perRoom = limits.named('preview-room', PER_ROOM);
  }

  @OnDomainEvent('chat.link_named')
  queue({ messageId }: DomainEventMap['chat.link_named']): Promise<void> {
    return this.jobs.add('fetch-preview', { messageId });
  }

  @JobHandler('fetch-preview')
  async fetch({ messageId }: JobMap['fetch-preview']): Promise<void> {
    const [message] = await this.reader.byId([messageId]);
    const room = message && (await this.dataSource.manager.findOneBy(RoomEntity, { id: message.roomId }));
    const address = room ? wantedAddress(room, message) : null;
    if (!room || address === null || this.underWay >= MAX_AT_ONCE || !(await this.perRoom.allows(room.id))) {
      return;
    }
    this.underWay++;
    const preview = await this.previewOf(address).finally(() => this.underWay--);
    if (preview) {
      await this.tell(room.id, messageId, preview);
    }
  }

  private async previewOf(address: string): Promise<LinkPreview | null> {
    const page = await this.pages.fetch(address);
    const text = page && pageText(page.html);
    return text?.title
      ? { url: address, title: text.title, description: text.description, site: text.site ?? page!.url.hostname }
      : null;
  }

  /** Unless the message was changed or taken back meanwhile, or the room wants no previews any more. */
  private tell(roomId: string, messageId: string, preview: LinkPreview): Promise<void> {
    return this.unitOfWork.run(async (work) => {
      const room = await this.rooms.hold(work, roomId);
      const message = await this.reader.get(roomId, messageId, work.manager);
      if (wantedAddress(room, message) === preview.url) {
        await this.previews.save(work, messageId, preview);
        await this.log.append(work, room, { type: 'chat.previewed', actor: SYSTEM, data: { messageId, preview } });
      }
    });
  }
}
