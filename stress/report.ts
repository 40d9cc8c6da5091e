import { Broken } from './expect.js';

export interface Outcome {
  readonly name: string;
  readonly milliseconds: number;
  /** Null if the promise was kept. */
  readonly error: unknown;
}

export const repeatCommand = (seed: number, name?: string): string =>
  `npm run stress -- --seed ${seed}${name === undefined ? '' : ` --only ${name}`}`;

/** One line when a scenario is done. */
export function told({ name, milliseconds, error }: Outcome): string {
  return `${error === null ? 'kept  ' : 'BROKEN'}  ${name}  ${Math.round(milliseconds)} ms`;
}

/** What was broken, in full, and then every scenario with its time and verdict. */
export function render(outcomes: readonly Outcome[], seed: number, milliseconds: number): string {
  const broken = outcomes.filter(({ error }) => error !== null);
  const width = Math.max(...outcomes.map(({ name }) => name.length));
  const rows = outcomes.map(
    (outcome) =>
      `${outcome.name.padEnd(width)}  ${String(Math.round(outcome.milliseconds)).padStart(6)} ms  ${outcome.error === null ? 'kept' : 'BROKEN'}`,
  );
  // Scenarios whose processes did not even start have one error in common: it is told once.
  const causes = new Map(broken.map(({ error }) => [error, broken.filter((other) => other.error === error)]));
  const reports = [...causes].map(([error, [first, ...others]]) =>
    [
      `\n✗ ${first?.name}${others.length > 0 ? ` and ${others.length} more` : ''}`,
      indented(explain(error)),
      `  repeat:   ${repeatCommand(seed, first?.name)}`,
    ].join('\n'),
  );
  return [
    ...reports,
    '',
    ...rows,
    '',
    `${outcomes.length - broken.length} of ${outcomes.length} promises kept in ${(milliseconds / 1000).toFixed(1)} s, seed ${seed}`,
  ].join('\n');
}

function explain(error: unknown): string {
  if (error instanceof Broken) {
    return error.message;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

const indented = (text: string): string => text.replace(/^(?=.)/gm, '  ');
