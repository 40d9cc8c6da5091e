import { CommandId, Id } from '@clawtank/contracts';
import { createParamDecorator, type ExecutionContext, Param } from '@nestjs/common';
import type { Request } from 'express';
import { parse } from '../errors/parse.js';

/** A path parameter that is an id. */
export const IdParam = (name: string): ParameterDecorator => Param(name, { schema: Id });

/** The `Idempotency-Key` header: the REST twin of a socket command's `commandId`. */
export const IdempotencyKey = createParamDecorator((_: unknown, context: ExecutionContext): string | undefined => {
  const key = context.switchToHttp().getRequest<Request>().headers['idempotency-key'];
  return key === undefined ? undefined : parse(CommandId, key);
});
