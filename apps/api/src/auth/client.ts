import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';

/** Where a request comes from, as far as it says. */
export interface Client {
  readonly address: string;
  readonly userAgent: string;
}

export const clientOf = ({ ip, headers }: Request): Client => ({
  address: ip ?? '',
  userAgent: headers['user-agent'] ?? '',
});

/** The client of a request, for limits and for the list of sessions. */
export const CurrentClient = createParamDecorator((_: unknown, context: ExecutionContext): Client =>
  clientOf(context.switchToHttp().getRequest<Request>()),
);
