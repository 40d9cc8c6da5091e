import type { DatabaseFacts } from './database.js';
import type { MachineFacts } from './machine.js';
import type { Measured } from './measure.js';
import type { Costs } from './profile.js';
import { MEMBERS_PER_ROOM, ROOMS, type LoadResult } from './workload.js';

export type Target = 'product' | 'bare';

export interface Report {
  readonly startedAt: string;
  readonly machine: MachineFacts;
  readonly database: DatabaseFacts;
  readonly rooms: number;
  readonly membersPerRoom: number;
  readonly loads: Readonly<Record<Target, readonly Measured[]>>;
  /** What the server was busy with at saturation, if it was asked for. */
  readonly costs: Costs | null;
  readonly failures: readonly string[];
}

const NAMES: Readonly<Record<Target, string>> = {
  product: 'ClawTank, the complete path: signed in, permitted, stored, acknowledged after commit',
  bare: 'Bare Socket.IO, the baseline: no accounts, nothing stored',
};
const GOAL = { perSecond: 1000, p99Ms: 100 };

/** What went wrong in a load, in words; being slow is not wrong. */
export function failuresOf({ lost, doubled, refused }: LoadResult): string[] {
  return [
    ...(lost > 0 ? [`${lost} deliveries were lost`] : []),
    ...(doubled > 0 ? [`${doubled} deliveries came twice`] : []),
    ...Object.entries(refused).map(([code, count]) => `${count} messages were answered with ${code}`),
  ];
}

/** The report for people. */
export function render(report: Report): string {
  const { machine, database, loads, costs, failures, startedAt } = report;
  return [
    '',
    `Durable chat, ${ROOMS} rooms × ${MEMBERS_PER_ROOM} members, ${startedAt}, revision ${machine.revision}`,
    `${machine.cores} × ${machine.processor}, ${machine.memoryGigabytes} GB, ${machine.system}, Node ${machine.node}; server, load generator and database share them`,
    `PostgreSQL ${database.version} (${database.kind}), fsync ${database.fsync}, synchronous_commit ${database.synchronousCommit}, one commit ${number(database.commitMs, 2)} ms`,
    ...(['product', 'bare'] as const).flatMap((target) => ['', NAMES[target], ...table(loads[target])]),
    '',
    ...ratios(loads),
    ...(costs ? ['', 'What the server was busy with at saturation (own time)', ...costLines(costs)] : []),
    '',
    failures.length === 0
      ? 'Every message was acknowledged once and reached every member exactly once.'
      : `WRONG:\n${failures.map((failure) => `  ${failure}`).join('\n')}`,
    '',
  ].join('\n');
}

function table(loads: readonly Measured[]): string[] {
  const head = ['load', 'acked/s', 'delivered/s', 'ack p50', 'p99', 'max', 'all members p50', 'p99', 'max', 'sent late p99', 'server', 'lag p99', 'database', 'generator', 'others', 'load avg', 'server CPU/msg', 'database CPU/msg', 'limited by']; // prettier-ignore
  const rows = loads.map(({ load, acknowledgement: ack, delivery, control, ...result }) => [
    load.kind === 'closed' ? `closed, ${load.inFlight} under way` : `open, ${load.perSecond}/s`,
    number(result.acknowledgedPerSecond),
    number(result.deliveriesPerSecond),
    ...[ack.p50, ack.p99, ack.max, delivery.p50, delivery.p99, delivery.max].map(milliseconds),
    load.kind === 'closed' ? '–' : milliseconds(result.pacing.p99),
    cores(control.serverCores),
    milliseconds(control.serverLag.p99),
    control.databaseCores === null ? '–' : cores(control.databaseCores),
    cores(control.generatorCores),
    cores(control.otherCores),
    number(control.loadAverage, 1),
    ...[control.serverCores, control.databaseCores].map((used) => perMessage(used, result.acknowledgedPerSecond)),
    control.limitedBy + (result.unfinished > 0 ? `; ${result.unfinished} unfinished` : ''),
  ]);
  return aligned([head, ...rows]);
}

function ratios({ product, bare }: Report['loads']): string[] {
  const closed = (loads: readonly Measured[]) => loads.find(({ load }) => load.kind === 'closed');
  const atGoal = (loads: readonly Measured[]) =>
    loads.find(({ load }) => load.kind === 'open' && load.perSecond === GOAL.perSecond);
  const [ours, theirs, goal, bareGoal] = [closed(product), closed(bare), atGoal(product), atGoal(bare)];
  const lines: string[] = [];
  if (ours && theirs) {
    const ratio = ours.acknowledgedPerSecond / theirs.acknowledgedPerSecond;
    lines.push(`Durable to bare, acknowledged at saturation: ${ratio.toFixed(3)} ×`);
    const costs = [ours, theirs].map(
      ({ control, acknowledgedPerSecond }) => control.serverCores / acknowledgedPerSecond,
    );
    lines.push(
      `The server's processor time for one message: ${((costs[0] ?? 0) / (costs[1] ?? 1)).toFixed(1)} × the bare one's`,
    );
    if (theirs.control.limitedBy === 'generator') {
      lines.push('The generator limited the baseline: it could do more, and the true ratio is smaller.');
    }
  }
  if (goal) {
    const verdict = goal.delivery.p99 < GOAL.p99Ms && goal.unfinished === 0 ? 'met' : 'not met';
    lines.push(
      `Goal, p99 to all members < ${GOAL.p99Ms} ms at ${GOAL.perSecond} messages/s: ${verdict}, ${milliseconds(goal.delivery.p99)}` +
        (bareGoal ? ` (bare: ${milliseconds(bareGoal.delivery.p99)})` : ''),
    );
  }
  if (!goal && product.some(({ unfinished }) => unfinished > 0)) {
    lines.push(
      `Goal, p99 to all members < ${GOAL.p99Ms} ms at ${GOAL.perSecond} messages/s: not met, less was too much already`,
    );
  }
  const slow = [...product, ...bare].filter(({ control }) => control.limitedBy === 'generator').length;
  lines.push(
    slow === 0
      ? 'The generator was never the bottleneck (always below 85 % of a core).'
      : `The generator was the bottleneck of ${slow} loads (above 85 % of a core): read those rows as lower bounds.`,
  );
  return lines;
}

function costLines({ functions, owners }: Costs): string[] {
  const lines = (costs: Costs['functions']) =>
    costs.map(({ name, percent }) => `  ${percent.toFixed(1).padStart(5)} %  ${name}`);
  return ['by owner', ...lines(owners), 'by function', ...lines(functions)];
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) => row.map((cell, column) => (column === 0 || column === row.length - 1 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ').trimEnd()); // prettier-ignore
}

const number = (value: number, digits = 0): string =>
  value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
const milliseconds = (value: number): string => `${number(value, value < 10 ? 1 : 0)} ms`;
const perMessage = (used: number | null, rate: number): string =>
  used === null || rate === 0 ? '–' : `${((used * 1000) / rate).toFixed(2)} ms`;
const cores = (value: number): string => `${Math.round(value * 100)} %`;
