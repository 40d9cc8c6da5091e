import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable, Writable } from 'node:stream';
import { createGunzip } from 'node:zlib';

import { pusherAsCommitter, type Pusher } from './domain/pusher.js';
import type { GitService } from './domain/smart-http-request.js';
import type { GitFailed } from './git-command.js';
import { type MayMove, PushGuard, type Protection } from './push-guard.js';
import type { Repository } from './repository.js';

export { recogniseGitRequest, type GitRequest, type GitService } from './domain/smart-http-request.js';

export interface SmartHttpLimits {
  /** What a client may say about what it has and wants. */
  readonly maxFetchRequestBytes: number;
  /** git itself refuses a pack of more than this with words; twice as much on the wire ends the connection. */
  readonly maxPushBytes: number;
  /** How long one fetch or push may take. */
  readonly transferTimeLimitMs: number;
}

export interface Push extends Protection {
  readonly pusher: Pusher;
  /**
   * Asked about each ref when all of the push has arrived, right before the ref moves: what allowed the push to begin may have ended
   * since then.
   */
  readonly mayMove: MayMove;
  /**
   * Called when git has done what it will do, before the client hears of it: what is recorded here is there by the
   * time that `git push` returns. Also called if the client is gone or git failed, for some refs may have moved, and
   * when none has: git tries the way with an empty request before it sends much.
   */
  readonly settle: () => Promise<void>;
}

/** How a request ended. All but `completed` are worth a line in the log. */
export type TransferOutcome =
  | { readonly outcome: 'completed' }
  | { readonly outcome: 'refused'; readonly status: 400 | 413 | 415 }
  | { readonly outcome: 'client_gone' }
  | { readonly outcome: 'failed'; readonly error: GitFailed };

/** Speaks git's smart HTTP protocol, version 0 to 2, between a client's request and a repository. */
export class SmartHttp {
  constructor(
    private readonly guard: PushGuard,
    private readonly limits: SmartHttpLimits,
  ) {}

  /** Answers `GET /info/refs?service=…`. */
  async advertise(
    repository: Repository,
    service: GitService,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const protocol = protocolEnvironment(request);
    const { stdout } = await repository.run(
      [commandOf(service), '--stateless-rpc', '--http-backend-info-refs', repository.path],
      { environment: protocol },
    );
    const isVersion2 = service === 'git-upload-pack' && stdout.subarray(4).toString('latin1').startsWith('version 2');
    const body = isVersion2 ? stdout : Buffer.concat([announcement(service), stdout]);
    writeHead(response, 200, `application/x-${service}-advertisement`);
    response.setHeader('Content-Length', body.length);
    response.end(body);
  }

  /** Answers `POST /git-upload-pack`: a clone or a fetch. */
  uploadPack(repository: Repository, request: IncomingMessage, response: ServerResponse): Promise<TransferOutcome> {
    return this.exchange(repository, 'git-upload-pack', request, response, {
      maxRequestBytes: this.limits.maxFetchRequestBytes,
      environment: {},
      settle: async () => undefined,
    });
  }

  /** Answers `POST /git-receive-pack`: a push. Refs that are protected are refused one by one; the others are taken. */
  async receivePack(
    repository: Repository,
    request: IncomingMessage,
    response: ServerResponse,
    push: Push,
  ): Promise<TransferOutcome> {
    await this.guard.mustBeInForce();
    await repository.releaseStaleLocks();
    const { name, email } = pusherAsCommitter(push.pusher);
    return this.exchange(repository, 'git-receive-pack', request, response, {
      maxRequestBytes: 2 * this.limits.maxPushBytes,
      environment: { ...PushGuard.environment(push), GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: email },
      mayMove: push.mayMove,
      settle: push.settle,
    });
  }

  /**
   * A fetch ends with its client. A push ends with it as long as something is missing; once all of it has arrived,
   * stopping could only leave some of its refs moved and others not.
   */
  private async exchange(
    repository: Repository,
    service: GitService,
    request: IncomingMessage,
    response: ServerResponse,
    { maxRequestBytes, environment, mayMove, settle }: Exchange,
  ): Promise<TransferOutcome> {
    const body = decodedBody(request);
    if (body === null || request.headers['content-type'] !== `application/x-${service}-request`) {
      request.resume();
      answerInWords(response, 415);
      return { outcome: 'refused', status: 415 };
    }

    const git = repository.start([commandOf(service), '--stateless-rpc', repository.path], {
      environment: { ...protocolEnvironment(request), ...environment },
      timeLimitMs: this.limits.transferTimeLimitMs,
    });
    if (mayMove) {
      PushGuard.answer(git.hooks, mayMove);
    }
    const fed = feed(body, git.stdin, maxRequestBytes).then((end) => {
      if (end !== 'complete') {
        git.breakOff();
      }
      return end;
    });
    if (service === 'git-upload-pack') {
      response.once('close', () => git.stop());
    }
    const [end, failed] = await Promise.all([
      fed,
      git.finished,
      relay(git.stdout, response, `application/x-${service}-result`),
    ]);

    const isClientGone = response.destroyed;
    try {
      await settle();
    } finally {
      finish(response, end, failed);
    }
    if (isClientGone) {
      return { outcome: 'client_gone' };
    }
    if (end !== 'complete') {
      return { outcome: 'refused', status: STATUS[end] };
    }
    return failed ? { outcome: 'failed', error: failed } : { outcome: 'completed' };
  }
}

interface Exchange {
  readonly maxRequestBytes: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly mayMove?: MayMove;
  readonly settle: () => Promise<void>;
}

/** How the client's body ended. */
type BodyEnd = 'complete' | 'too_large' | 'unreadable';

const STATUS = { too_large: 413, unreadable: 400 } as const;

const REASONS = {
  400: 'The request cannot be read.',
  413: 'The request is too large.',
  415: 'This is not a request of git.',
  500: 'git could not answer this request.',
} as const;

function commandOf(service: GitService): string {
  return service.slice('git-'.length);
}

/** The first packet of an advertisement, by which a client knows a smart server. */
function announcement(service: GitService): Buffer {
  const line = `# service=${service}\n`;
  return Buffer.from(`${(line.length + 4).toString(16).padStart(4, '0')}${line}0000`);
}

function protocolEnvironment(request: IncomingMessage): Record<string, string> {
  const protocol = request.headers['git-protocol'];
  return typeof protocol === 'string' && /^[\w.=:-]{1,100}$/.test(protocol) ? { GIT_PROTOCOL: protocol } : {};
}

/** The body as git reads it, or null for an encoding that no git client uses. */
function decodedBody(request: IncomingMessage): Readable | null {
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding === 'identity') {
    return request;
  }
  if (encoding !== 'gzip' && encoding !== 'x-gzip') {
    return null;
  }
  const gunzip = createGunzip();
  // Whoever reads the body meets the error; once nobody reads any longer, it must not end the server.
  gunzip.on('error', () => undefined);
  // pipe() lets its reader wait for ever when the source breaks off.
  request.once('error', (error) => gunzip.destroy(error));
  return request.pipe(gunzip);
}

/**
 * Hands the body to git at the pace at which git reads. Once git has ended, the rest is read and dropped: a client
 * that is still sending would otherwise see a broken connection in place of git's answer.
 */
async function feed(body: Readable, stdin: Writable, maxBytes: number): Promise<BodyEnd> {
  let size = 0;
  try {
    for await (const chunk of body.iterator({ destroyOnReturn: false })) {
      size += (chunk as Buffer).length;
      if (size > maxBytes) {
        return 'too_large';
      }
      await write(stdin, chunk as Buffer);
    }
  } catch {
    return 'unreadable'; // The client is gone, or what it sent is not gzip.
  }
  stdin.end();
  return 'complete';
}

async function relay(stdout: Readable, response: ServerResponse, contentType: string): Promise<void> {
  for await (const chunk of stdout) {
    if (!response.headersSent) {
      writeHead(response, 200, contentType);
    }
    await write(response, chunk as Buffer);
  }
}

/** Writes and waits until there is room for more; returns at once when nobody reads any longer. */
async function write(stream: Writable, chunk: Buffer): Promise<void> {
  // A response to a client that is gone calls itself writable, and never drains or closes again.
  if (stream.destroyed || !stream.writable || stream.write(chunk)) {
    return;
  }
  const settled = new AbortController();
  const event = (name: string): Promise<unknown> =>
    once(stream, name, { signal: settled.signal }).catch(() => undefined);
  await Promise.race([event('drain'), event('close')]);
  settled.abort();
}

function finish(response: ServerResponse, end: BodyEnd, failed: GitFailed | null): void {
  if (response.destroyed) {
    return;
  }
  if (response.headersSent) {
    response.end();
  } else if (end !== 'complete') {
    answerInWords(response, STATUS[end]);
  } else {
    answerInWords(response, failed ? 500 : 200);
  }
}

function answerInWords(response: ServerResponse, status: keyof typeof REASONS | 200): void {
  writeHead(response, status, 'text/plain; charset=utf-8');
  if (status !== 200) {
    // What the client has not sent yet is of no use to anybody.
    response.setHeader('Connection', 'close');
  }
  response.end(status === 200 ? '' : `${REASONS[status]}\n`);
}

function writeHead(response: ServerResponse, status: number, contentType: string): void {
  response.statusCode = status;
  response.setHeader('Content-Type', contentType);
  response.setHeader('Cache-Control', 'no-cache, max-age=0, must-revalidate');
  response.setHeader('Pragma', 'no-cache');
  response.setHeader('Expires', 'Fri, 01 Jan 1980 00:00:00 GMT');
}
