import 'reflect-metadata';
import { RequestMethod } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import cookieParser from 'cookie-parser';
import { AppModule } from './app.module.js';
import type { Settings } from './platform/config/settings.js';
import { migrate } from './platform/database/migrate.js';
import { parseBodies } from './platform/http/bodies.js';
import { serveOpenApi } from './platform/http/openapi.js';
import { protectBrowsers } from './platform/http/security-headers.js';
import { serveWebClient } from './platform/http/web-client.js';
import { onlyHealth } from './platform/http/worker-routes.js';
import { createPino, NestLogger } from './platform/logging/logger.js';
import { SocketAdapter } from './platform/sockets/socket.adapter.js';

/** Paths that are not under `/api`. */
const TOP_LEVEL = ['health/live', 'health/ready', 'metrics', 'git/*path'].map((path) => ({
  path,
  method: RequestMethod.ALL,
}));

/** Longer than git's own time limit for a push; headers still have to come within Node's minute. */
const REQUEST_MS = 12 * 60_000;

/** The server, with its schema up to date, ready to listen. */
export async function createApp(settings: Settings): Promise<NestExpressApplication> {
  await migrate(settings.databaseUrl);
  const app = await NestFactory.create<NestExpressApplication>(AppModule.with(settings), {
    logger: new NestLogger(createPino(settings)),
    bodyParser: false,
    abortOnError: false,
  });
  app.set('trust proxy', settings.trustProxy);
  app.disable('x-powered-by');
  app.setGlobalPrefix('api', { exclude: TOP_LEVEL });
  app.useWebSocketAdapter(new SocketAdapter(app, settings));
  if (settings.role === 'worker') {
    app.use(onlyHealth);
  }
  protectBrowsers(app, settings);
  app.use(cookieParser());
  parseBodies(app);
  allowSlowPushes(app);
  serveOpenApi(app);
  serveWebClient(app);
  return app;
}

function allowSlowPushes(app: NestExpressApplication): void {
  const server = app.getHttpServer() as { requestTimeout: number };
  server.requestTimeout = REQUEST_MS;
}
