import { applyDecorators, HttpCode, SerializeOptions } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import * as z from 'zod';

/** What a route answers: documented in OpenAPI, and held to it, so that no field leaves that the contract does not name. */
export const Answers = (schema: z.ZodType, status = 200): MethodDecorator => {
  // Nest applies the schema to each element of an answer that is a list.
  const answer = schema instanceof z.ZodArray ? (schema.element as z.ZodType) : schema;
  return applyDecorators(
    HttpCode(status),
    ApiResponse({ status, standardSchema: schema }),
    SerializeOptions({ schema: answer }),
  );
};

/** A route that answers nothing but success. */
export const AnswersNothing = (): MethodDecorator => applyDecorators(HttpCode(204), ApiResponse({ status: 204 }));
