import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';

export interface Options {
  /** Decides everything that is left to chance, so that a failure can be repeated. */
  readonly seed: number;
  /** Names of scenarios; all of them if empty. */
  readonly only: readonly string[];
  /** Only say what there is. */
  readonly list: boolean;
}

export const USAGE = `npm run stress -- [options]

  --seed N      what is left to chance is the same for the same N (random, and printed, if not given)
  --only NAME   one scenario, or all whose names begin like this; may be repeated
  --list        names every scenario and what it promises

DATABASE_URL names the PostgreSQL server to make temporary databases on (127.0.0.1:5432), REDIS_URL the Redis to use under
prefixes of its own (127.0.0.1:6379). Without either of them, or the program redis-server, nothing is run.`;

const LARGEST_SEED = 2 ** 31 - 1;

/** Reads the command line; null if only the usage was asked for. Throws for what it does not understand. */
export function readOptions(args: readonly string[]): Options | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      seed: { type: 'string' },
      only: { type: 'string', multiple: true, default: [] },
      list: { type: 'boolean', default: false },
    },
  });
  return values.help ? null : { seed: seedOf(values.seed), only: values.only, list: values.list };
}

function seedOf(text: string | undefined): number {
  if (text === undefined) {
    return randomInt(1, LARGEST_SEED);
  }
  const seed = Number(text);
  if (!/^\d+$/.test(text) || seed > LARGEST_SEED) {
    throw new Error(`--seed: ${text} is not a whole number up to ${LARGEST_SEED}`);
  }
  return seed;
}
