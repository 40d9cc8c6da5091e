import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Controller, Get, Logger, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import type { Caller } from '../../platform/caller.js';
import { CurrentCaller } from '../../platform/http/caller.guard.js';
import { IdParam } from '../../platform/http/parameters.js';
import { type ExportLine, RoomExport } from './room-export.js';

@ApiTags('chat')
@ApiBearerAuth()
@Controller('rooms/:id/export')
export class ExportController {
  private readonly logger = new Logger(ExportController.name);

  constructor(private readonly exports: RoomExport) {}

  /** The room as JSON, one object a line: what it is, who sits in it, and all that was said and done, in order. */
  @Get()
  @ApiProduces('application/x-ndjson')
  async export(
    @CurrentCaller() caller: Caller,
    @IdParam('id') roomId: string,
    @Res() response: Response,
  ): Promise<void> {
    const lines = await this.exports.begin(caller, roomId);
    response.set({
      'Content-Type': 'application/x-ndjson; charset=utf-8',
      'Content-Disposition': `attachment; filename="room-${roomId}.ndjson"`,
      'Cache-Control': 'no-store',
    });
    // A reader who goes away, or may no longer read, finds the file without its last line.
    await pipeline(Readable.from(asText(lines)), response).catch((error: unknown) => {
      this.logger.debug(error);
      response.destroy();
    });
  }
}

async function* asText(lines: AsyncIterable<ExportLine>): AsyncGenerator<string> {
  for await (const line of lines) {
    yield `${JSON.stringify(line)}\n`;
  }
}
