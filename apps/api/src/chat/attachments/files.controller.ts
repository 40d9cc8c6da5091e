import { timingSafeEqual } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Id } from '@clawtank/contracts';
import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { DataSource } from 'typeorm';
import { ForAnyone } from '../../platform/http/caller.guard.js';
import { notFound } from '../../platform/errors/refusal.js';

interface FileRow {
  id: string;
  kind: 'image' | 'file';
  name: string;
  media_type: string;
  bytes: number;
  secret: string;
}

/** Read and sent at a time, so that a large file never lies in memory whole. */
const SLICE = 256 * 1024;

/**
 * Serves attachments to whoever was told their address: no cookie and no token is asked for or sent, and nothing here can run as
 * part of our pages. An address dies with its message, at once: nothing may be kept without asking again.
 */
@ApiExcludeController()
@Controller('files')
export class FilesController {
  constructor(private readonly dataSource: DataSource) {}

  @Get(':id/:secret/:name')
  @ForAnyone()
  async serve(
    @Param('id') id: string,
    @Param('secret') secret: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const file = await this.find(id, secret);
    const isImage = file.kind === 'image';
    response.set({
      'Content-Type': isImage ? file.media_type : 'application/octet-stream',
      'Content-Disposition': `${isImage ? 'inline' : 'attachment'}; filename*=UTF-8''${extValue(file.name)}`,
      'Content-Security-Policy': "default-src 'none'; sandbox",
      'Cross-Origin-Resource-Policy': 'same-origin',
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'private, no-cache',
      ETag: `"${file.id}"`, // what is stored under an id never changes
    });
    if (request.fresh) {
      response.status(304).end();
      return;
    }
    response.set('Content-Length', String(file.bytes));
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    await pipeline(Readable.from(this.slicesOf(file)), response).catch(() => response.destroy()); // the reader has gone
  }

  private async find(id: string, secret: string): Promise<FileRow> {
    const [file] = Id.safeParse(id).success
      ? await this.dataSource.query<FileRow[]>(
          `SELECT id, kind, name, media_type, bytes, secret FROM attachments WHERE id = $1`,
          [id],
        )
      : [];
    if (!file || !isEqual(file.secret, secret)) {
      throw notFound('file');
    }
    return file;
  }

  private async *slicesOf({ id, bytes }: FileRow): AsyncGenerator<Buffer> {
    for (let start = 0; start < bytes; start += SLICE) {
      const [row] = await this.dataSource.query<{ slice: Buffer }[]>(
        `SELECT substring(content FROM $2 FOR $3) AS slice FROM attachments WHERE id = $1`,
        [id, start + 1, SLICE],
      );
      if (!row) {
        throw new Error(`Attachment ${id} was deleted while it was read`);
      }
      yield row.slice;
    }
  }
}

function isEqual(expected: string, given: string): boolean {
  const [one, other] = [Buffer.from(expected), Buffer.from(given)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/** As RFC 8187 wants it: what `encodeURIComponent` leaves and the header may not have is encoded too. */
const extValue = (text: string): string =>
  encodeURIComponent(text).replace(/['()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);
