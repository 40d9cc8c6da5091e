import 'reflect-metadata';
import type { Server } from 'node:http';
import { RequestMethod } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import cookieParser from 'cookie-parser';
import { AppModule } from './app.module.js';
import type { Settings } from './platform/config/settings.js';
import { migrate } from './platform/database/migrate.js';
import { parseBodies } from './platform/http/bodies.js';
import { DrainingAdapter } from './platform/http/draining-adapter.js';
import { serveOpenApi } from './platform/http/openapi.js';
import { protectBrowsers } from './platform/http/security-headers.js';
import { serveWebClient } from './platform/http/web-client.js';
import { onlyHealth } from './platform/http/worker-routes.js';
import { createPino, NestLogger } from './platform/logging/logger.js';
import { SocketAdapter } from './platform/sockets/socket.adapter.js';

/** Paths that are not under `/api`. */
const TOP_LEVEL = ['health/live', 'health/ready', 'metrics', 'git/*path', 'files/*path'].map((path) => ({
  path,
  method: RequestMethod.ALL,
}));

/** Longer than git's own time limit for a push. */
const REQUEST_MS = 12 * 60_000;
/** Whoever takes longer to say what they want, or says nothing at all, holds a connection for nothing. */
const HEAD_MS = 10_000;
const LOOK_EVERY_MS = 1000;

/** The server, with its schema up to date, ready to listen. */
export async function createApp(settings: Settings): Promise<NestExpressApplication> {
  await migrate(settings.databaseUrl);
  const app = await NestFactory.create<NestExpressApplication>(AppModule.with(settings), new DrainingAdapter(), {
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
  limitPatience(app);
  serveOpenApi(app);
  serveWebClient(app);
  return app;
}

/** Node looks for connections that are late every half minute unless it is told otherwise before it listens. */
function limitPatience(app: NestExpressApplication): void {
  const server = app.getHttpServer() as Server & { connectionsCheckingInterval: number };
  server.requestTimeout = REQUEST_MS;
  server.headersTimeout = HEAD_MS;
  server.connectionsCheckingInterval = LOOK_EVERY_MS;
}
