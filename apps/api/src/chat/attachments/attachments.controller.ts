import { Attachment } from '@clawtank/contracts';
import { Controller, Post, Req } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiConsumes, ApiHeader, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import type { Caller } from '../../platform/caller.js';
import { Answers } from '../../platform/http/answers.js';
import { CurrentCaller } from '../../platform/http/caller.guard.js';
import { IdParam } from '../../platform/http/parameters.js';
import { UploadService } from './upload.service.js';

@ApiTags('chat')
@ApiBearerAuth()
@Controller('rooms/:id/attachments')
export class AttachmentsController {
  constructor(private readonly uploads: UploadService) {}

  /** The body is the file as it is, whatever its type. */
  @Post()
  @ApiConsumes('application/octet-stream')
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @ApiHeader({ name: 'X-File-Name', description: 'The file’s name, percent-encoded', required: false })
  @Answers(Attachment, 201)
  upload(@CurrentCaller() caller: Caller, @IdParam('id') roomId: string, @Req() request: Request): Promise<Attachment> {
    const length = Number(request.headers['content-length'] ?? Number.NaN);
    return this.uploads.upload(caller, roomId, {
      body: request,
      name: request.header('x-file-name'),
      claimedType: request.headers['content-type'],
      length: Number.isNaN(length) ? undefined : length,
    });
  }
}
