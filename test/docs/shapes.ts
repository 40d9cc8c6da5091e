import * as z from 'zod';

type JsonSchema = {
  readonly $ref?: string;
  readonly id?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly required?: readonly string[];
  readonly default?: unknown;
};

/** Schemas with a name of their own are described once and named elsewhere. */
export class Shapes {
  private readonly named = new Map<string, JsonSchema>();

  /** The schema as a TypeScript-like type, with named parts by name. */
  describe(schema: z.ZodType, io: 'input' | 'output'): string {
    return this.render(this.convert(schema, io), 0);
  }

  /** Every named schema that was mentioned, by name. */
  glossary(): [string, string][] {
    const described = new Map<string, string>();
    for (;;) {
      const next = [...this.named].find(([name]) => !described.has(name));
      if (!next) {
        return [...described].sort(([a], [b]) => a.localeCompare(b));
      }
      described.set(next[0], this.renderWhole(next[1], 0));
    }
  }

  private convert(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
    const { $defs = {}, ...top } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as JsonSchema & {
      $defs?: Record<string, JsonSchema>;
    };
    for (const [name, definition] of Object.entries($defs)) {
      if (!this.named.has(name)) {
        this.named.set(name, definition);
      }
    }
    if (top.id !== undefined && !this.named.has(top.id)) {
      this.named.set(top.id, top);
    }
    return top;
  }

  private render(schema: JsonSchema, depth: number): string {
    if (schema.id !== undefined) {
      return schema.id;
    }
    return this.renderWhole(schema, depth);
  }

  private renderWhole(schema: JsonSchema, depth: number): string {
    if (schema.$ref !== undefined) {
      return schema.$ref.replace('#/$defs/', '');
    }
    if (schema.const !== undefined) {
      return JSON.stringify(schema.const);
    }
    if (schema.enum) {
      return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
    }
    const alternatives = schema.anyOf ?? schema.oneOf;
    if (alternatives) {
      return [...new Set(alternatives.map((part) => this.render(part, depth)))].join(' | ');
    }
    if (schema.allOf) {
      return schema.allOf.map((part) => this.render(part, depth)).join(' & ');
    }
    if (schema.type === 'array' && schema.items) {
      const item = this.render(schema.items, depth);
      return item.includes(' | ') ? `(${item})[]` : `${item}[]`;
    }
    if (schema.type === 'object') {
      return this.renderObject(schema, depth);
    }
    const type = schema.format === 'uuid' ? 'id' : schema.format === 'date-time' ? 'instant' : schema.type;
    return typeof type === 'string' ? type : 'unknown';
  }

  private renderObject({ properties, required = [], additionalProperties }: JsonSchema, depth: number): string {
    if (!properties || Object.keys(properties).length === 0) {
      return typeof additionalProperties === 'object' ? `{ [key]: ${this.render(additionalProperties, depth)} }` : '{}';
    }
    const indent = '  '.repeat(depth + 1);
    const lines = Object.entries(properties).map(([name, property]) => {
      const fallback = property.default === undefined ? '' : `  // ${JSON.stringify(property.default)} if absent`;
      return `${indent}${name}${required.includes(name) ? '' : '?'}: ${this.render(property, depth + 1)}${fallback}`;
    });
    return `{\n${lines.join('\n')}\n${'  '.repeat(depth)}}`;
  }
}
