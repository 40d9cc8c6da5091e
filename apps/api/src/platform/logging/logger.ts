import type { LoggerService } from '@nestjs/common';
import { type Logger as Pino, pino } from 'pino';
import type { Settings } from '../config/settings.js';

const SECRETS = [
  'password',
  'token',
  'accessToken',
  'refreshToken',
  'secret',
  'authorization',
  'cookie',
  'message',
  'body',
  'query',
  'parameters',
];

/** The one log: a JSON object a line, or text for people. Fields that may hold secrets or what somebody wrote are left out. */
export function createPino({ logLevel, logFormat }: Pick<Settings, 'logLevel' | 'logFormat'>): Pino {
  return pino(
    {
      level: logLevel,
      redact: {
        paths: SECRETS.flatMap((name) => [name, `*.${name}`, `err.${name}`]).filter(
          (path) => path !== 'err.message' && path !== 'message',
        ),
        remove: true,
      },
      serializers: { err: describeError },
    },
    logFormat === 'pretty' ? plainText() : pino.destination(1),
  );
}

/** Only what an error says of itself: database errors carry the failed row and its values in further fields. */
function describeError(error: Error): object {
  return { type: error.name, message: error.message, stack: error.stack, ...('code' in error && { code: error.code }) };
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

/** Nest's log lines as entries of the one log. */
export class NestLogger implements LoggerService {
  constructor(private readonly log_: Pino) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.write('info', message, rest);
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
    if (message instanceof Error) {
      this.log_[level]({ context, err: message });
    } else {
      this.log_[level]({ context }, typeof message === 'string' ? message : JSON.stringify(message));
    }
  }
}
