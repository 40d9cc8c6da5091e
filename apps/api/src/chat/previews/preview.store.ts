import type { ChatMessage, LinkPreview } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import type { Work } from '../../platform/database/unit-of-work.js';
import type { RoomEntity } from '../../rooms/index.js';
import { firstAddress } from '../domain/first-address.js';

/** Which message has which preview, and which wants one. */
@Injectable()
export class PreviewStore {
  /** Has the server look, some time after the commit, where a new or changed message leads, if the room wants that. */
  wish(work: Work, room: RoomEntity, message: ChatMessage): void {
    if (wantedAddress(room, message) !== null) {
      work.announce({ name: 'chat.link_named', data: { messageId: message.id } });
    }
  }

  async save({ manager }: Work, messageId: string, { url, title, description, site }: LinkPreview): Promise<void> {
    await manager.query(
      `INSERT INTO message_previews (message_id, url, title, description, site) VALUES ($1, $2, $3, $4, $5)`,
      [messageId, url, title, description, site],
    );
  }

  /** The preview that stays when the message says `text` instead; one that leads elsewhere is deleted. */
  async keep({ manager }: Work, { id, preview }: ChatMessage, text: string): Promise<LinkPreview | null> {
    if (preview === null || preview.url === firstAddress(text)) {
      return preview;
    }
    await manager.query(`DELETE FROM message_previews WHERE message_id = $1`, [id]);
    return null;
  }
}

/** The address that a message names and whose preview it lacks, in a room that wants previews. */
export function wantedAddress(
  { settings, archivedAt }: RoomEntity,
  { message, preview, deletedAt }: ChatMessage,
): string | null {
  return settings.linkPreviews && !archivedAt && deletedAt === null && preview === null ? firstAddress(message) : null;
}
