import { randomBytes, randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { type Attachment, MAX_ATTACHMENT_BYTES } from '@clawtank/contracts';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Caller } from '../../platform/caller.js';
import { SETTINGS, type Settings } from '../../platform/config/settings.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { Refusal } from '../../platform/errors/refusal.js';
import { type Limiter, RateLimits } from '../../platform/rate-limits.js';
import { RoomAccess } from '../../rooms/index.js';
import { fileNameOf, withEnding } from '../domain/file-name.js';
import { imageFormatOf } from '../domain/image-format.js';
import { presentAttachment, type StoredAttachment } from './attachment-address.js';
import { ImageEncoder } from './image-encoder.js';

/** What somebody sends: bytes, and what they say of them. */
export interface Upload {
  readonly body: Readable;
  /** Percent-encoded. */
  readonly name: string | undefined;
  /** Shown beside a file’s name, and believed by nobody. */
  readonly claimedType: string | undefined;
  /** What the sender says the length is. */
  readonly length: number | undefined;
}

interface ReadFile extends Omit<StoredAttachment, 'id' | 'secret' | 'bytes'> {
  readonly content: Buffer;
}

const UPLOADS = { points: 30, seconds: 60 };
/** Each may hold its bytes in memory until it is complete. */
const AT_ONCE = 16;
const READ_MS = 120_000;
const SECRET_BYTES = 24;
const MEGABYTE = 1024 * 1024;

/** Takes files in, for messages that are sent a moment later. */
@Injectable()
export class UploadService {
  private readonly limiter: Limiter;
  private running = 0;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly rooms: RoomAccess,
    private readonly images: ImageEncoder,
    limits: RateLimits,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {
    this.limiter = limits.named('uploads', UPLOADS);
  }

  async upload(caller: Caller, roomId: string, upload: Upload): Promise<Attachment> {
    await this.rooms.look(caller, roomId, 'upload'); // before a byte is read
    await this.limiter.consume(caller.userId);
    const file = await this.read(upload);
    return this.unitOfWork.run(async ({ manager, now }) => {
      await this.rooms.look(caller, roomId, 'upload', manager);
      await this.keepQuotas(manager, caller, roomId, file.content.length);
      const { content, ...described } = file;
      const stored: StoredAttachment = {
        ...described,
        id: randomUUID(),
        bytes: content.length,
        secret: randomBytes(SECRET_BYTES).toString('base64url'),
      };
      await manager.query(
        `INSERT INTO attachments (id, room_id, uploader_id, user_id, kind, name, media_type, bytes, width, height, secret, content, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
        [
          stored.id,
          roomId,
          caller.id,
          caller.userId,
          stored.kind,
          stored.name,
          stored.mediaType,
          stored.bytes,
          stored.width,
          stored.height,
          stored.secret,
          content,
          now,
        ],
      );
      return presentAttachment(stored);
    });
  }

  private async read({ body, name, claimedType, length }: Upload): Promise<ReadFile> {
    if (length !== undefined && length > MAX_ATTACHMENT_BYTES) {
      throw tooLarge();
    }
    if (this.running >= AT_ONCE) {
      throw new Refusal('unavailable', 'Too many files are arriving at once; try again in a moment', {
        retryAfter: 1000,
      });
    }
    this.running++;
    try {
      return await this.describe(await bytesOf(body), fileNameOf(name), claimedType);
    } finally {
      this.running--;
    }
  }

  /** The content decides what a file is: an image is drawn anew, everything else is bytes that nobody is to run. */
  private async describe(bytes: Buffer, name: string, claimedType: string | undefined): Promise<ReadFile> {
    const format = imageFormatOf(bytes);
    if (format === null) {
      return { kind: 'file', name, mediaType: typeOf(claimedType), width: null, height: null, content: bytes };
    }
    const { content, mediaType, ending, width, height } = await this.images.encode(bytes, format);
    if (content.length > MAX_ATTACHMENT_BYTES) {
      throw tooLarge();
    }
    return { kind: 'image', name: withEnding(name, ending), mediaType, width, height, content };
  }

  /** Refuses what would be too much for the room or the person; whoever uploads at the same time waits. */
  private async keepQuotas(manager: EntityManager, { userId }: Caller, roomId: string, bytes: number): Promise<void> {
    const { attachmentsRoomMb, attachmentsPersonMb } = this.settings;
    const quotas = [
      { column: 'user_id', id: userId, megabytes: attachmentsPersonMb, whose: 'All that you have uploaded' },
      { column: 'room_id', id: roomId, megabytes: attachmentsRoomMb, whose: 'All files of this room' },
    ] as const;
    for (const { column, id, megabytes, whose } of quotas) {
      await manager.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, [`attachments ${column} ${id}`]);
      const [row] = await manager.query<{ used: string }[]>(
        `SELECT coalesce(sum(bytes), 0) AS used FROM attachments WHERE ${column} = $1`,
        [id],
      );
      if (Number(row?.used) + bytes > megabytes * MEGABYTE) {
        throw new Refusal('quota_exceeded', `${whose} may take ${megabytes} MB; delete messages with files first`);
      }
    }
  }
}

const tooLarge = (): Refusal =>
  new Refusal('payload_too_large', `A file may have at most ${MAX_ATTACHMENT_BYTES / MEGABYTE} MB`);

/** All bytes of the body; refuses as soon as there are too many, and when they do not come. */
async function bytesOf(body: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  const patience = setTimeout(() => body.destroy(new Error('The body came too slowly')), READ_MS);
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > MAX_ATTACHMENT_BYTES) {
        throw tooLarge();
      }
      chunks.push(chunk);
    }
  } catch (error) {
    throw error instanceof Refusal ? error : new Refusal('invalid_input', 'The file did not arrive completely');
  } finally {
    clearTimeout(patience);
  }
  if (length === 0) {
    throw new Refusal('invalid_input', 'The file is empty');
  }
  return Buffer.concat(chunks);
}

function typeOf(claimed: string | undefined): string {
  const [type = ''] = (claimed ?? '').toLowerCase().split(';');
  return /^[\w.+-]{1,50}\/[\w.+-]{1,49}$/.test(type.trim()) ? type.trim() : 'application/octet-stream';
}
