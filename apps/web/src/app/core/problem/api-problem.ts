import { HttpErrorResponse } from '@angular/common/http';
import type { ErrorCode, FieldError, Problem } from '@clawtank/contracts';

/** Codes the client adds for what never reached the server, or came back from something that is not the server. */
export type ClientErrorCode = 'offline' | 'unexpected_answer';

/**
 * Why a request did not succeed, in words that can be shown as they are. Every failed request of the client's
 * HttpClient ends as one of these.
 */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';

  constructor(
    readonly code: ErrorCode | ClientErrorCode,
    readonly status: number,
    /** A short heading. */
    readonly title: string,
    /** What happened and what to do, in a sentence. */
    readonly detail: string,
    readonly fields: readonly FieldError[] = [],
    /** Milliseconds after which a repeat may succeed. */
    readonly retryAfter: number | null = null,
  ) {
    super(`${code}: ${detail}`);
  }
}

/** The problem behind whatever a request threw. */
export function toApiProblem(thrown: unknown): ApiProblem {
  if (thrown instanceof ApiProblem) {
    return thrown;
  }
  if (!(thrown instanceof HttpErrorResponse)) {
    return unexpectedAnswer(0);
  }
  if (thrown.status === 0) {
    return new ApiProblem(
      'offline',
      0,
      'ClawTank cannot be reached',
      'Nothing was lost. Check your connection and try again.',
    );
  }
  const body: unknown = thrown.error;
  return isProblem(body)
    ? new ApiProblem(body.code, body.status, body.title, body.detail, body.errors ?? [], body.retryAfter ?? null)
    : unexpectedAnswer(thrown.status);
}

function unexpectedAnswer(status: number): ApiProblem {
  return new ApiProblem(
    'unexpected_answer',
    status,
    'Something broke on our side',
    'Your change may not have been saved. Try again in a moment.',
  );
}

function isProblem(body: unknown): body is Problem {
  return (
    typeof body === 'object' &&
    body !== null &&
    'code' in body &&
    typeof body.code === 'string' &&
    'detail' in body &&
    typeof body.detail === 'string' &&
    'title' in body &&
    'status' in body
  );
}
