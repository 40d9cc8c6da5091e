import { WebhookAccepted } from '@clawtank/contracts';
import { Controller, Param, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { Answers } from '../../platform/http/answers.js';
import { ForAnyone } from '../../platform/http/caller.guard.js';
import { WebhookInbox } from './webhook-inbox.service.js';
import type { WebhookRequest } from './webhook-request.js';

@ApiTags('webhooks')
@ForAnyone()
@Controller('webhooks/git')
export class WebhooksController {
  constructor(private readonly inbox: WebhookInbox) {}

  @Post(':hookId')
  @Answers(WebhookAccepted, 202)
  deliver(@Param('hookId') hookId: string, @Req() request: Request): Promise<WebhookAccepted> {
    return this.inbox.deliver(hookId, received(request));
  }

  @Post()
  @Answers(WebhookAccepted, 202)
  deliverBySignature(@Req() request: Request): Promise<WebhookAccepted> {
    return this.inbox.deliverBySignature(received(request));
  }
}

const received = ({ headers, body, ip = '' }: Request): WebhookRequest => ({
  headers,
  body: Buffer.isBuffer(body) ? body : Buffer.alloc(0),
  address: ip,
});
