import { ERROR_STATUS, type ErrorCode, type FieldError, type ReplyError } from '@clawtank/contracts';

interface RefusalDetails {
  /** Milliseconds after which asking again makes sense. */
  readonly retryAfter?: number;
  readonly errors?: readonly FieldError[];
}

/** Thrown when a request is understood and declined; anything else that is thrown is a bug. */
export class Refusal extends Error {
  readonly retryAfter: number | undefined;
  readonly errors: readonly FieldError[] | undefined;

  constructor(
    readonly code: ErrorCode,
    message: string,
    details: RefusalDetails = {},
  ) {
    super(message);
    this.name = 'Refusal';
    this.retryAfter = details.retryAfter;
    this.errors = details.errors;
  }

  get status(): number {
    return ERROR_STATUS[this.code];
  }

  /** As a socket acknowledgement or a problem document carries it. */
  toReplyError(): ReplyError {
    return {
      code: this.code,
      message: this.message,
      ...(this.retryAfter !== undefined && { retryAfter: this.retryAfter }),
      ...(this.errors && { errors: this.errors }),
    };
  }
}

/** What a stranger hears of anything that is not theirs: the same as of a thing that does not exist. */
export const notFound = (what: string): Refusal => new Refusal('not_found', `There is no such ${what}`);
