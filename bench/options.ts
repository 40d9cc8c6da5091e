import { parseArgs } from 'node:util';

export interface Options {
  /** How long each figure is measured. */
  readonly seconds: number;
  /** How long the server runs under load before anything is measured. */
  readonly warmUpSeconds: number;
  /** Messages per second of the open-loop measurements. */
  readonly rates: readonly number[];
  /** Messages that the closed loop keeps under way. */
  readonly inFlight: number;
  /** Where the JSON goes; a name with the time by default. */
  readonly out: string | undefined;
  /** Also record a CPU profile of the server at saturation. */
  readonly profile: boolean;
}

export const USAGE = `npm run bench -- [options]

  --quick         windows of 3 s instead of 20 s: to see that everything works, not to quote
  --seconds N     windows of N s
  --rates A,B,C   messages per second of the open loops (200,500,1000)
  --in-flight N   messages under way in the closed loop (200)
  --profile       also record a CPU profile of the server at saturation, and list its top costs
  --out FILE      where the JSON goes (bench/results/<time>.json)

DATABASE_URL names a PostgreSQL server to make a temporary database on; without it, an embedded one is started.`;

/** Reads the command line; null if only the usage was asked for. Throws for what it does not understand. */
export function readOptions(args: readonly string[]): Options | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      quick: { type: 'boolean', default: false },
      seconds: { type: 'string' },
      rates: { type: 'string', default: '200,500,1000' },
      'in-flight': { type: 'string', default: '200' },
      profile: { type: 'boolean', default: false },
      out: { type: 'string' },
    },
  });
  if (values.help) {
    return null;
  }
  return {
    seconds: values.seconds === undefined ? (values.quick ? 3 : 20) : positive('--seconds', values.seconds),
    warmUpSeconds: values.quick ? 1 : 5,
    rates: values.rates.split(',').map((rate) => positive('--rates', rate)),
    inFlight: positive('--in-flight', values['in-flight']),
    out: values.out,
    profile: values.profile,
  };
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) {
    throw new Error(`${name}: ${text} is not a whole number above 0`);
  }
  return value;
}
