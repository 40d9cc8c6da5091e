import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import helmet from 'helmet';
import type { Settings } from '../config/settings.js';

const isDocs = (path: string): boolean => path === '/api/docs' || path.startsWith('/api/docs/');
const isEmbeddable = (path: string): boolean => path.startsWith('/spectate/');

/** The headers that keep browsers from running, framing or leaking what is not ours. Only the spectator page may be embedded elsewhere. */
export function protectBrowsers(app: NestExpressApplication, { publicUrl }: Settings): void {
  const isSecure = publicUrl.startsWith('https:');
  const strict = (frameAncestors: string[]) =>
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'self'"],
          scriptSrc: ["'self'"],
          styleSrc: ["'self'"],
          imgSrc: ["'self'", 'data:', 'https:'],
          fontSrc: ["'self'"],
          connectSrc: ["'self'", 'ws:', 'wss:'],
          objectSrc: ["'none'"],
          baseUri: ["'self'"],
          formAction: ["'self'"],
          frameAncestors,
          ...(isSecure && { upgradeInsecureRequests: [] }),
        },
      },
      crossOriginResourcePolicy: { policy: 'same-origin' },
      strictTransportSecurity: isSecure,
      frameguard: false, // frame-ancestors says it better
    });
  const page = strict(["'none'"]);
  const embeddable = strict(['*']);
  // Swagger's page brings its own inline script.
  const docs = helmet({ contentSecurityPolicy: false, strictTransportSecurity: isSecure });

  app.use((request: Request, response: Response, next: NextFunction) => {
    const protect = isDocs(request.path) ? docs : isEmbeddable(request.path) ? embeddable : page;
    protect(request, response, next);
  });
}
