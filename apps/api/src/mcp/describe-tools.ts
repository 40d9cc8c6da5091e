import type { Tool as ToolDescription } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { type AnyTool, Failure } from './tools/tool.js';

/** The tools as clients are told of them. */
export const describeTools = (tools: readonly AnyTool[]): ToolDescription[] =>
  tools.map(({ name, title, description, annotations, input, output }) => ({
    name,
    title,
    description,
    annotations: { title, ...annotations },
    inputSchema: describe(input, 'input'),
    // Some clients hold refusals, too, to what a tool says it answers.
    outputSchema: describe(z.union([output, Failure]), 'output'),
  }));

/** A schema without what goes without saying: a model may be given all of them at once. */
function describe(schema: z.ZodType, io: 'input' | 'output'): { type: 'object' } {
  const described = z.toJSONSchema(schema, {
    io,
    override: ({ jsonSchema }) => {
      if (jsonSchema.format !== undefined) {
        delete jsonSchema.pattern; // the format says as much
      }
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) {
        delete jsonSchema.maximum;
      }
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) {
        delete jsonSchema.minimum;
      }
    },
  });
  delete described.$schema;
  return { ...described, type: 'object' };
}
