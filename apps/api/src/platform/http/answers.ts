import { applyDecorators, HttpCode, SerializeOptions } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import type * as z from 'zod';

/** What a route answers: documented in OpenAPI, and held to it, so that no field leaves that the contract does not name. */
export const Answers = (schema: z.ZodType, status = 200): MethodDecorator =>
  applyDecorators(HttpCode(status), ApiResponse({ status, standardSchema: schema }), SerializeOptions({ schema }));

/** A route that answers nothing but success. */
export const AnswersNothing = (): MethodDecorator => applyDecorators(HttpCode(204), ApiResponse({ status: 204 }));
