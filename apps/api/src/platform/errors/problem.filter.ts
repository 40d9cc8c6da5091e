import { type ErrorCode, type Problem } from '@clawtank/contracts';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { Response } from 'express';
import { Refusal } from './refusal.js';

const INTERNAL = new Refusal('internal', 'Something went wrong on our side. Nothing was changed.');

const CODE_OF_STATUS: Partial<Record<number, ErrorCode>> = {
  400: 'invalid_input',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  413: 'payload_too_large',
  429: 'rate_limited',
  503: 'unavailable',
};

/** Any thrown thing as the refusal a caller hears; what is not a refusal is a bug, which the caller learns nothing of. */
export function asRefusal(error: unknown): { refusal: Refusal; isBug: boolean } {
  if (error instanceof Refusal) {
    return { refusal: error, isBug: false };
  }
  if (!(error instanceof HttpException) || error.getStatus() >= 500) {
    return { refusal: INTERNAL, isBug: true };
  }
  return { refusal: new Refusal(CODE_OF_STATUS[error.getStatus()] ?? 'invalid_input', error.message), isBug: false };
}

export function problemOf(refusal: Refusal): Problem {
  return {
    type: `urn:clawtank:problem:${refusal.code}`,
    title: refusal.code.replaceAll('_', ' '),
    status: refusal.status,
    code: refusal.code,
    detail: refusal.message,
    ...(refusal.retryAfter !== undefined && { retryAfter: refusal.retryAfter }),
    ...(refusal.errors && { errors: refusal.errors }),
  };
}

/** Answers every failed REST request with an RFC 9457 problem document. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  catch(error: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    const { refusal, isBug } = asRefusal(error);
    if (isBug) {
      this.logger.error(error);
    }
    if (response.headersSent) {
      response.destroy();
      return;
    }
    if (refusal.retryAfter !== undefined) {
      response.setHeader('Retry-After', Math.ceil(refusal.retryAfter / 1000));
    }
    response
      .status(refusal.status)
      .type('application/problem+json')
      .send(JSON.stringify(problemOf(refusal)));
  }
}
