import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import compression from 'compression';
import type { NextFunction, Request, Response } from 'express';
import { nonceOf } from './security-headers.js';

const ROOT = resolve('dist/web/browser');
const NOT_PAGES = /^\/(?:api|files|git|health|mcp|metrics|socket\.io)(?:\/|$)/;
/** No page's address ends as files' names do. A file that is not there is not found, such as a script of a former version. */
const FILE = /\.[A-Za-z0-9]+$/;
/** The build puts a hash of the content into these names. */
const HASHED = /-[A-Za-z0-9_-]{8}\.(?:js|css|woff2?)$/;

/** Serves the built web client: files as they are, and its one page for every address that is a page's. */
export function serveWebClient(app: NestExpressApplication): void {
  const index = resolve(ROOT, 'index.html');
  if (!existsSync(index)) {
    return;
  }
  const page = readFileSync(index, 'utf8');
  app.use(compression());
  app.useStaticAssets(ROOT, {
    index: false,
    setHeaders: (response: Response, path: string) =>
      response.setHeader('Cache-Control', HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache'),
  });
  app.use((request: Request, response: Response, next: NextFunction) => {
    const isForClient =
      (request.method === 'GET' || request.method === 'HEAD') &&
      !NOT_PAGES.test(request.path) &&
      request.accepts('html');
    if (isForClient) {
      response.setHeader('Cache-Control', 'no-store');
    }
    if (isForClient && !FILE.test(request.path)) {
      response.type('html').send(page.replaceAll('CSP_NONCE', nonceOf(response)));
    } else {
      next();
    }
  });
}
