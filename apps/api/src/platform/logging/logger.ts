import { types } from 'node:util';
import type { LoggerService } from '@nestjs/common';
import { type DestinationStream, type Logger as Pino, pino } from 'pino';
import type { Settings } from '../config/settings.js';

const SECRETS = [
  'password',
  'token',
  'accessToken',
  'refreshToken',
  'secret',
  'authorization',
  'cookie',
  'body',
  'query',
  'parameters',
];

/** The one log: a JSON object a line, or text for people. Fields that may hold secrets or what somebody wrote are left out. */
export function createPino(
  { logLevel, logFormat }: Pick<Settings, 'logLevel' | 'logFormat'>,
  output?: DestinationStream,
): Pino {
  return pino(
    {
      level: logLevel,
      redact: { paths: SECRETS.flatMap((name) => [name, `*.${name}`]), remove: true },
      serializers: { err: describeError },
    },
    output ?? (logFormat === 'pretty' ? plainText() : pino.destination(1)),
  );
}

const isError = (value: unknown): value is Error => value instanceof Error || types.isNativeError(value);

/** Only what an error says of itself: database errors carry the failed row and its values in further fields. */
function describeError(error: Error): object {
  const code = 'code' in error ? error.code : undefined;
  const message = messageOf(error);
  const stack = error.stack?.replaceAll(error.message, message);
  return { type: error.name, message, stack, ...(code !== undefined && { code }) };
}

/** PostgreSQL quotes the value that a column's type does not take (SQLSTATE class 22); somebody wrote it. */
function messageOf(error: Error): string {
  const isBadValue = 'code' in error && typeof error.code === 'string' && /^22[0-9A-Z]{3}$/.test(error.code);
  return isBadValue ? error.message.replace(/".*"/s, '"…"') : error.message;
}

function plainText(): { write(line: string): void } {
  const names: Record<number, string> = { 20: 'debug', 30: 'info', 40: 'warn', 50: 'error', 60: 'fatal' };
  return {
    write(line) {
      const { level, time, msg, context, err } = JSON.parse(line) as {
        level: number;
        time: number;
        msg?: string;
        context?: string;
        err?: { stack?: string };
      };
      const at = new Date(time).toISOString().slice(11, 23);
      process.stdout.write(
        `${at} ${(names[level] ?? 'trace').padEnd(5)} ${context ? `[${context}] ` : ''}${err?.stack ?? msg ?? ''}\n`,
      );
    },
  };
}

/** Nest tells at every start which modules and routes there are; that is for those who look for it. */
const FRAMEWORK = new Set(['NestFactory', 'NestApplication', 'InstanceLoader', 'RoutesResolver', 'RouterExplorer']);

/** Nest's log lines as entries of the one log. */
export class NestLogger implements LoggerService {
  constructor(private readonly log_: Pino) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.write(FRAMEWORK.has(String(rest.at(-1))) ? 'debug' : 'info', message, rest);
  }
  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }
  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }
  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }
  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }
  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  private write(
    level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal',
    message: unknown,
    rest: unknown[],
  ): void {
    const context = rest.findLast((part) => typeof part === 'string');
    if (isError(message)) {
      this.log_[level]({ context, err: message }, messageOf(message));
    } else {
      this.log_[level]({ context }, typeof message === 'string' ? message : JSON.stringify(message));
    }
  }
}
