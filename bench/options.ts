import { parseArgs } from 'node:util';

export interface Options {
  /** How long each figure is measured. */
  readonly seconds: number;
  /** How long each server runs under load before anything is measured. */
  readonly warmUpSeconds: number;
  /** How long each figure of the fan-out is measured, and how often it takes turns with what it is compared with. */
  readonly fanOut: { readonly seconds: number; readonly rounds: number; readonly receivers: readonly number[] };
  /** Rooms of twenty: the usual number, and a large one. */
  readonly rooms: { readonly usual: number; readonly many: number };
  /** Messages per second of the open loops. */
  readonly rates: readonly number[];
  /** Messages that the closed loop keeps under way; null: one for each member. */
  readonly inFlight: number | null;
  /** Where the JSON goes; a name with the time by default. */
  readonly out: string | undefined;
  /** Also record a CPU profile of the server at saturation. */
  readonly profile: boolean;
  /** Only these parts. */
  readonly only: readonly Part[];
}

export const PARTS = ['fan-out', 'ingest', 'latency', 'connections', 'processes', 'slow-disk'] as const;
export type Part = (typeof PARTS)[number];

export const USAGE = `npm run bench -- [options]

  --quick         everything once and briefly, with fewer sockets: to see that it works, not to quote
  --seconds N     windows of N s (20)
  --rates A,B     messages per second of the open loops (1000,5000)
  --in-flight N   messages under way in the closed loop (one for each member)
  --only A,B      parts of it: ${PARTS.join(', ')}
  --profile       also record a CPU profile of the server at saturation, and list its top costs
  --out FILE      where the JSON goes (bench/results/<time>.json)

DATABASE_URL names a PostgreSQL server to make a temporary database on; without it, an embedded one is started.
REDIS_URL names the Redis of the part with two processes (redis://127.0.0.1:6379); without one that part is left out.`;

/** Reads the command line; null if only the usage was asked for. Throws for what it does not understand. */
export function readOptions(args: readonly string[]): Options | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      quick: { type: 'boolean', default: false },
      seconds: { type: 'string' },
      rates: { type: 'string' },
      'in-flight': { type: 'string' },
      only: { type: 'string', default: PARTS.join() },
      profile: { type: 'boolean', default: false },
      out: { type: 'string' },
    },
  });
  if (values.help) {
    return null;
  }
  const { quick } = values;
  return {
    seconds: values.seconds === undefined ? (quick ? 1 : 20) : positive('--seconds', values.seconds),
    warmUpSeconds: quick ? 0.5 : 4,
    fanOut: quick
      ? { seconds: 1, rounds: 1, receivers: [20, 200] }
      : { seconds: 5, rounds: 2, receivers: [20, 1000, 10_000] },
    rooms: quick ? { usual: 10, many: 25 } : { usual: 50, many: 500 },
    rates: (values.rates ?? (quick ? '200,500' : '1000,5000')).split(',').map((rate) => positive('--rates', rate)),
    inFlight: values['in-flight'] === undefined ? null : positive('--in-flight', values['in-flight']),
    out: values.out,
    profile: values.profile,
    only: values.only.split(',').map(part),
  };
}

function part(name: string): Part {
  if (!(PARTS as readonly string[]).includes(name)) {
    throw new Error(`--only: there is no part called ${name}`);
  }
  return name as Part;
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) {
    throw new Error(`${name}: ${text} is not a whole number above 0`);
  }
  return value;
}
