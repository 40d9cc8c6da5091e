import { Writable } from 'node:stream';
import { QueryFailedError } from 'typeorm';
import { createPino, NestLogger } from './logger.js';

/** The lines that `use` logs, as objects. */
function linesOf(use: (logger: NestLogger) => void): Record<string, unknown>[] {
  const lines: Record<string, unknown>[] = [];
  const output = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(JSON.parse(chunk.toString()) as Record<string, unknown>);
      done();
    },
  });
  use(new NestLogger(createPino({ logLevel: 'trace', logFormat: 'json' }, output)));
  return lines;
}

/** As the driver reports a failed query. */
function databaseError(code: string, message: string): Error {
  const driverError = Object.assign(new Error(message), {
    code,
    detail: 'Key (email)=(canary-detail) already exists.',
    where: 'canary-where',
  });
  return new QueryFailedError('INSERT INTO users (email) VALUES ($1)', ['canary-parameter'], driverError);
}

describe('the log', () => {
  it('has one JSON object for each entry, with its context', () => {
    const [line] = linesOf((logger) => logger.warn('Two\nlines', 'Somebody'));
    expect(line).toMatchObject({ level: 40, context: 'Somebody', msg: 'Two\nlines' });
  });

  it('says of a failed query what failed, and nothing of the values', () => {
    const [line] = linesOf((logger) =>
      logger.error(databaseError('23505', 'duplicate key value violates unique constraint "users_email_key"')),
    );
    expect(line).toMatchObject({
      level: 50,
      err: { type: 'QueryFailedError', code: '23505', message: expect.stringContaining('users_email_key') as string },
    });
    expect(JSON.stringify(line)).not.toContain('canary');
  });

  it.each([
    ['22P02', 'invalid input syntax for type uuid: "canary-message"'],
    ['22P02', 'invalid input syntax for type json: "canary "quoted" \n canary"'],
    ['22008', 'date/time field value out of range: "canary"'],
  ])('leaves out the value that PostgreSQL quotes in an error %s', (code, message) => {
    const [line] = linesOf((logger) => logger.error(databaseError(code, message)));
    expect(JSON.stringify(line)).not.toContain('canary');
    expect(line).toMatchObject({
      msg: expect.stringContaining('"…"') as string,
      err: { stack: expect.stringContaining('logger.spec') as string },
    });
  });
});
