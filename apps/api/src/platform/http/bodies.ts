import type { NestExpressApplication } from '@nestjs/platform-express';
import { json, raw, type NextFunction, type Request, type Response } from 'express';

const JSON_LIMIT = '256kb';
/** GitHub's own cap on what it delivers. */
const WEBHOOK_LIMIT = '25mb';

/** Parses JSON under `/api`. Webhooks keep their raw bytes, which their signature covers; git's bodies stay streams. */
export function parseBodies(app: NestExpressApplication): void {
  const parseJson = json({ limit: JSON_LIMIT, strict: true });
  const keepBytes = raw({ limit: WEBHOOK_LIMIT, type: () => true });
  app.use('/api', (request: Request, response: Response, next: NextFunction) => {
    const parser = request.originalUrl.startsWith('/api/webhooks/') ? keepBytes : parseJson;
    parser(request, response, next);
  });
}
