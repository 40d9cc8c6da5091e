import { Injectable, type NestMiddleware } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { Telemetry } from '../platform/telemetry.js';

/** Times every REST request, refused ones included, under its route's template: addresses with ids would make endless series. */
@Injectable()
export class RequestTimer implements NestMiddleware<Request, Response> {
  constructor(private readonly telemetry: Telemetry) {}

  use(request: Request, response: Response, next: NextFunction): void {
    const done = this.telemetry.requestSeconds.startTimer();
    response.once('finish', () =>
      done({ method: request.method, route: templateOf(request), status: response.statusCode }),
    );
    next();
  }
}

/** Nest mounts middlewares and its own 404 as routes with a wildcard; whatever ends there matched none of ours. */
function templateOf({ route }: Request): string {
  const path = (route as { path?: string } | undefined)?.path ?? '*';
  return path.includes('*') ? 'unmatched' : path;
}
