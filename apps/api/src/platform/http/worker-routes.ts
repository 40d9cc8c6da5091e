import type { NextFunction, Request, Response } from 'express';

/** A worker serves nobody; it only says how it is. */
export function onlyHealth(request: Request, response: Response, next: NextFunction): void {
  if (/^\/(?:health|metrics)(?:\/|$)/.test(request.path)) {
    next();
  } else {
    response.status(404).end();
  }
}
