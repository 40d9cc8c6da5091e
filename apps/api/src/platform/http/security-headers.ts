import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import helmet from 'helmet';
import type { Settings } from '../config/settings.js';

const isDocs = (path: string): boolean => path === '/api/docs' || path.startsWith('/api/docs/');
/** Only what anyone may watch may be shown inside somebody else's page. */
const isEmbeddable = (path: string): boolean => path.startsWith('/spectate/');

/** The nonce of this response's page, without which a browser applies no style that the page makes at run time. */
export const nonceOf = (response: Response): string => (response.locals as { nonce?: string }).nonce ?? '';

/** The headers that keep browsers from running, framing or leaking what is not ours. */
export function protectBrowsers(app: NestExpressApplication, { publicUrl }: Settings): void {
  const isSecure = publicUrl.startsWith('https:');
  const headers = (frameAncestors: string) =>
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'self'"],
          scriptSrc: ["'self'"],
          styleSrc: [
            "'self'",
            (_: IncomingMessage, response: ServerResponse) => `'nonce-${nonceOf(response as Response)}'`,
          ],
          imgSrc: ["'self'", 'data:'],
          fontSrc: ["'self'"],
          connectSrc: ["'self'", 'ws:', 'wss:'],
          objectSrc: ["'none'"],
          baseUri: ["'self'"],
          formAction: ["'self'"],
          frameAncestors: [frameAncestors],
          requireTrustedTypesFor: ["'script'"],
          trustedTypes: ['angular', 'angular#components'],
          ...(isSecure && { upgradeInsecureRequests: [] }),
        },
      },
      crossOriginResourcePolicy: { policy: 'same-origin' },
      strictTransportSecurity: isSecure,
      frameguard: false, // frame-ancestors says it better
    });
  const page = headers("'none'");
  const embeddable = headers('*');
  // Swagger's page brings its own inline script.
  const docs = helmet({ contentSecurityPolicy: false, strictTransportSecurity: isSecure });

  app.use((request: Request, response: Response, next: NextFunction) => {
    (response.locals as { nonce?: string }).nonce = randomBytes(16).toString('base64');
    const protect = isDocs(request.path) ? docs : isEmbeddable(request.path) ? embeddable : page;
    protect(request, response, next);
  });
}
