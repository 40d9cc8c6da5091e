import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { SETTINGS, type Settings } from '../platform/config/settings.js';
import { Refusal } from '../platform/errors/refusal.js';
import { isKnownOrigin } from '../platform/sockets/socket.adapter.js';

/**
 * For routes that a cookie alone opens: the request must come from a page of this server, which browsers say and pages cannot
 * forge. A bearer token says as much, since no other site can add one.
 */
@Injectable()
export class SameOriginGuard implements CanActivate {
  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    if (!isOwn(request, this.settings)) {
      throw new Refusal('origin_refused', 'This can only be asked by a page of this server');
    }
    return true;
  }
}

function isOwn(request: Request, settings: Settings): boolean {
  const { authorization, origin, 'sec-fetch-site': site } = request.headers;
  if (authorization?.toLowerCase().startsWith('bearer ')) {
    return true;
  }
  return site === undefined ? origin !== undefined && isKnownOrigin(request, settings) : site === 'same-origin';
}
