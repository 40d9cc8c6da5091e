import type { NestExpressApplication } from '@nestjs/platform-express';
import { json, type NextFunction, raw, type Request, type Response } from 'express';
import { Refusal } from '../errors/refusal.js';

const JSON_LIMIT = '256kb';
/** GitHub's own cap on what it delivers. */
const WEBHOOK_LIMIT = '25mb';
const ATTACHMENTS = /^\/api\/rooms\/[^/]+\/attachments\/?(?:\?|$)/;

/** Parses JSON under `/api`. Webhooks keep their raw bytes, which their signature covers; files and git's bodies stay streams. */
export function parseBodies(app: NestExpressApplication): void {
  const parseJson = json({ limit: JSON_LIMIT });
  const keepBytes = raw({ limit: WEBHOOK_LIMIT, type: () => true });
  app.use('/api', (request: Request, response: Response, next: NextFunction) => {
    if (ATTACHMENTS.test(request.originalUrl)) {
      next();
      return;
    }
    const parser = request.originalUrl.startsWith('/api/webhooks/') ? keepBytes : parseJson;
    parser(request, response, (error?: unknown) => next(error === undefined ? undefined : refusalOf(error)));
  });
}

/** What body-parser throws says in `status` and `expose` whether it was the client's doing. */
function refusalOf(error: unknown): unknown {
  if (!(error instanceof Error && 'expose' in error && error.expose === true && 'status' in error)) {
    return error;
  }
  return error.status === 413
    ? new Refusal('payload_too_large', `The request is larger than the ${JSON_LIMIT} that are taken here`)
    : new Refusal('invalid_json', `The request’s body is not readable: ${error.message}`);
}
