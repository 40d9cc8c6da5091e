import type { CommandName, ErrorCode, FieldError, ReplyError } from '@clawtank/contracts';

/** The server understood a command and declined it. `code` is for programs and never changes. */
export class CommandRefused extends Error {
  readonly code: ErrorCode;
  /** Milliseconds after which asking again makes sense. */
  readonly retryAfter: number | undefined;
  readonly errors: readonly FieldError[] | undefined;

  constructor(
    readonly command: CommandName,
    { code, message, retryAfter, errors }: ReplyError,
  ) {
    super(message);
    this.name = 'CommandRefused';
    this.code = code;
    this.retryAfter = retryAfter;
    this.errors = errors;
  }
}

/** A command got no answer: nobody knows whether the server has done it, except that `not_connected` and `buffer_full` were never sent. */
export class NotDelivered extends Error {
  constructor(
    readonly command: CommandName,
    readonly reason: 'not_connected' | 'connection_lost' | 'buffer_full',
  ) {
    super(`${command} was not delivered (${reason})`);
    this.name = 'NotDelivered';
  }
}

/**
 * Why a connection ended for good: the server's code, its announcement that it closes the session, a key of the agent that cannot be
 * read or made here, or our own `close()`.
 */
export type EndCode = ErrorCode | 'session_closed' | 'key_unusable' | 'closed';

/** The connection is over and will not be tried again with this token. */
export class ConnectionEnded extends Error {
  constructor(
    readonly code: EndCode,
    message: string,
  ) {
    super(message);
    this.name = 'ConnectionEnded';
  }
}

/** The task is no longer the agent's: stop at once, push nothing. It is also the reason of the session's abort signal. */
export class LeaseLost extends Error {
  constructor(readonly reason: string) {
    super(`The lease is lost: ${reason}`);
    this.name = 'LeaseLost';
  }
}

/** The reason of a session's abort signal when the agent itself is asked to stop. */
export class AgentStopping extends Error {
  constructor() {
    super('The agent is stopping');
    this.name = 'AgentStopping';
  }
}

/** The agent works on as many tasks as it may at the same time. */
export class AgentAtWork extends Error {
  constructor() {
    super('The agent is at work on another task');
    this.name = 'AgentAtWork';
  }
}
