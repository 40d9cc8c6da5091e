import { Logger } from '@nestjs/common';
import type * as z from 'zod';

/** Short, because a room may be held meanwhile. */
const TIME_LIMIT_MS = 5_000;

/** Reads from a provider's REST API. */
export class ProviderApi {
  private readonly logger = new Logger(ProviderApi.name);

  constructor(
    private readonly address: string,
    private readonly headers: Readonly<Record<string, string>>,
  ) {}

  /** What is found there; null if nothing is, `'unknown'` if the provider does not answer, or not as it says it would. */
  async get<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.output<Schema> | null | 'unknown'> {
    try {
      const response = await fetch(`${this.address}${path}`, {
        headers: this.headers,
        signal: AbortSignal.timeout(TIME_LIMIT_MS),
      });
      if (response.status === 404) {
        await response.body?.cancel();
        return null;
      }
      return response.ok ? schema.parse(await response.json()) : this.unknown(path, `status ${response.status}`);
    } catch (error) {
      return this.unknown(path, (error as Error).message);
    }
  }

  private unknown(path: string, why: string): 'unknown' {
    this.logger.warn(`${this.address}${path}: ${why}`);
    return 'unknown';
  }
}

/** A branch or the like as a part of a path, with the slashes it may have. */
export const pathOf = (name: string): string => name.split('/').map(encodeURIComponent).join('/');

/** The places of files that were changed or moved, by name, each once. */
export const pathsOf = (files: readonly (readonly (string | null | undefined)[])[]): string[] =>
  [...new Set(files.flat().filter((path) => path !== null && path !== undefined))].sort();
