import type { Attachment } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { invalidInput } from '../../platform/errors/parse.js';
import { presentAttachment, type StoredAttachment } from './attachment-address.js';

const COLUMNS = `id, kind, name, media_type AS "mediaType", bytes, width, height, secret`;

/** Which file belongs to which message. A file is uploaded first, and belongs to at most one message for ever. */
@Injectable()
export class AttachmentStore {
  /** The uploader's unused files of the room, in the order asked for; refuses unless all of them are. Holds them. */
  async free(
    manager: EntityManager,
    roomId: string,
    uploaderId: string,
    ids: readonly string[],
  ): Promise<Attachment[]> {
    if (ids.length === 0) {
      return [];
    }
    const found = await manager.query<StoredAttachment[]>(
      `SELECT ${COLUMNS} FROM attachments
       WHERE id = ANY($1::uuid[]) AND room_id = $2 AND uploader_id = $3 AND message_id IS NULL FOR UPDATE`,
      [ids, roomId, uploaderId],
    );
    return ids.map((id, index) => {
      const attachment = found.find((one) => one.id === id);
      if (!attachment || ids.indexOf(id) !== index) {
        throw invalidInput([
          {
            path: ['attachmentIds', index],
            message: 'Not a file that you uploaded to this room and have not used yet',
          },
        ]);
      }
      return presentAttachment(attachment);
    });
  }

  async attach(manager: EntityManager, messageId: string, ids: readonly string[]): Promise<void> {
    if (ids.length > 0) {
      await manager.query(
        `UPDATE attachments SET message_id = $1, position = place
         FROM unnest($2::uuid[]) WITH ORDINALITY AS wanted (wanted_id, place) WHERE id = wanted_id`,
        [messageId, ids],
      );
    }
  }
}
