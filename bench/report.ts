import type { DatabaseFacts } from './database.js';
import type { MachineFacts } from './machine.js';
import type { Measured } from './measure.js';
import type { Part } from './options.js';
import type { Costs } from './profile.js';
import { NAMES, type SubjectName } from './subjects.js';
import type { Connected, LoadResult } from './workload.js';

interface LoadMeasured {
  readonly kind: 'load';
  readonly part: Part;
  readonly subject: SubjectName;
  readonly processes: number;
  /** Of each message. */
  readonly receivers: number;
  readonly sockets: number;
  readonly measured: Measured;
}

/** Connections that do nothing, in their rooms. */
interface IdleMeasured {
  readonly kind: 'idle';
  readonly subject: SubjectName;
  readonly sockets: number;
  readonly connected: Connected;
  readonly bytesEach: number;
  readonly heapBytesEach: number;
}

interface ReturnMeasured {
  readonly kind: 'return';
  readonly subject: SubjectName;
  readonly sockets: number;
  /** Entries that each caught up with. */
  readonly missed: number;
  readonly connected: Connected;
}

interface CostsMeasured {
  readonly kind: 'costs';
  readonly subject: SubjectName;
  readonly costs: Costs;
}

export type Result = LoadMeasured | IdleMeasured | ReturnMeasured | CostsMeasured;

export interface Report {
  readonly startedAt: string;
  /** How long the whole run took. */
  readonly seconds: number;
  readonly machine: MachineFacts;
  /** Whether each measured server had a core of its own. */
  readonly hasOwnCore: boolean;
  readonly database: DatabaseFacts;
  readonly results: readonly Result[];
  readonly failures: readonly string[];
}

/** What went wrong in a load, in words; being slow is not wrong. */
export function failuresOf(name: string, { wrong, refused }: LoadResult): string[] {
  return [
    ...(wrong > 0 ? [`${name}: ${wrong} sockets did not get each message once`] : []),
    ...Object.entries(refused).map(([code, count]) => `${name}: ${count} messages were answered with ${code}`),
  ];
}

/** The report for people. */
export function render(report: Report): string {
  const { machine, database, results, failures, startedAt, seconds, hasOwnCore } = report;
  const loads = results.filter((result) => result.kind === 'load');
  const inPart = (part: Part) => loads.filter((load) => load.part === part);
  const block = (title: string, rows: readonly string[]) => (rows.length > 1 ? ['', title, ...rows] : []);
  return [
    '',
    `${startedAt}, ${Math.round(seconds / 60)} min, revision ${machine.revision}`,
    `${machine.cores} × ${machine.processor}, ${machine.memoryGigabytes} GB, ${machine.system}, Node ${machine.node}; ` +
      (hasOwnCore
        ? 'the measured server on one core; load generator, database and all else on the other'
        : 'servers, load generator and database share them'),
    `PostgreSQL ${database.version} (${database.kind}), fsync ${database.fsync}, synchronous_commit ${database.synchronousCommit}, one commit ${number(database.commitMs, 2)} ms`,
    ...block('Fan-out: one room, everybody hears everything', fanOutTable(inPart('fan-out'))),
    ...block('Full rooms of 20, as much as each server takes', loadTable(inPart('ingest'))),
    ...block('The same, each commit 2 ms slower', loadTable(inPart('slow-disk'))),
    ...block('Full rooms of 20, at a fixed rate', loadTable(inPart('latency'))),
    ...block('One process and two, over Redis, at a fixed rate', loadTable(inPart('processes'))),
    ...block('Connections, each in its room', idleTable(results.filter((result) => result.kind === 'idle'))),
    ...block('Everybody cut off, everybody back', returnTable(results.filter((result) => result.kind === 'return'))),
    '',
    ...goals(results),
    ...results.flatMap((result) => (result.kind === 'costs' ? costLines(result) : [])),
    '',
    ...generatorCheck(loads),
    failures.length === 0
      ? 'Every message was acknowledged once, reached every member exactly once, and is in the database if it had to be.'
      : `WRONG:\n${failures.map((failure) => `  ${failure}`).join('\n')}`,
    '',
  ].join('\n');
}

function fanOutTable(loads: readonly LoadMeasured[]): string[] {
  const head = ['receivers', 'server', 'deliveries/s', 'of bare ws', 'server CPU/delivery', 'server', 'generator', 'others', 'deliveries/read', 'limited by']; // prettier-ignore
  const rows = groups(loads, ({ receivers, subject }) => `${receivers} ${subject}`).map((same) => {
    const [{ receivers, subject }] = same;
    const rate = rateOf(loads, subject, receivers);
    const control = (of: (measured: Measured) => number) => median(same.map(({ measured }) => of(measured)));
    return [
      number(receivers),
      NAMES[subject],
      number(rate),
      percent(rate / rateOf(loads, 'ws', receivers)),
      `${number((control(({ control: { serverCores } }) => serverCores) * 1e6) / rate, 2)} µs`,
      cores(control(({ control: { serverCores } }) => serverCores)),
      cores(control(({ control: { generatorCores } }) => generatorCores)),
      cores(control(({ control: { otherCores } }) => otherCores)),
      number(
        control(({ delivered, reads }) => delivered / reads),
        1,
      ),
      same.at(-1)?.measured.control.limitedBy ?? '',
    ];
  });
  return aligned([head, ...rows]);
}

function loadTable(loads: readonly LoadMeasured[]): string[] {
  const head = ['server', 'sockets', 'load', 'acked/s', 'delivered/s', 'ack p50', 'p99', 'all members p50', 'p99', 'max', 'sent late p99', 'server', 'database', 'generator', 'others', 'load avg', 'server CPU/msg', 'database CPU/msg', 'limited by']; // prettier-ignore
  const rows = loads.map(({ subject, processes, sockets, measured }) => {
    const { load, acknowledgement: ack, delivery, control, pacing, unfinished, acknowledgedPerSecond } = measured;
    return [
      NAMES[subject] + (processes > 1 ? ` × ${processes}` : ''),
      number(sockets),
      load.kind === 'closed' ? `${load.inFlight} under way` : `${number(load.perSecond)}/s`,
      number(acknowledgedPerSecond),
      number(measured.deliveriesPerSecond),
      ...[ack.p50, ack.p99, delivery.p50, delivery.p99, delivery.max].map(milliseconds),
      load.kind === 'closed' ? '–' : milliseconds(pacing.p99),
      cores(control.serverCores),
      control.databaseCores === null ? '–' : cores(control.databaseCores),
      cores(control.generatorCores),
      cores(control.otherCores),
      number(control.loadAverage, 1),
      ...[control.serverCores, control.databaseCores].map((used) => perMessage(used, acknowledgedPerSecond)),
      control.limitedBy + (unfinished > 0 ? `; ${unfinished} unfinished` : ''),
    ];
  });
  return aligned([head, ...rows]);
}

function idleTable(idle: readonly IdleMeasured[]): string[] {
  const head = ['server', 'sockets', 'memory each', 'of it V8’s heap', 'connects/s', 'joining p50', 'p99'];
  const rows = idle.map(({ subject, sockets, bytesEach, heapBytesEach, connected: { seconds, joining } }) => [
    NAMES[subject],
    number(sockets),
    kilobytes(bytesEach),
    kilobytes(heapBytesEach),
    number(sockets / seconds),
    milliseconds(joining.p50),
    milliseconds(joining.p99),
  ]);
  return aligned([head, ...rows]);
}

function returnTable(returns: readonly ReturnMeasured[]): string[] {
  const head = ['server', 'sockets', 'missed entries each', 'until the last is back', 'p50', 'p99'];
  const rows = returns.map(({ subject, sockets, missed, connected: { seconds, joining } }) => [
    NAMES[subject],
    number(sockets),
    String(missed),
    `${number(seconds, 2)} s`,
    milliseconds(joining.p50),
    milliseconds(joining.p99),
  ]);
  return aligned([head, ...rows]);
}

/** The goals of the product, with what this run says of each. */
function goals(results: readonly Result[]): string[] {
  const loads = results.filter((result) => result.kind === 'load');
  const fanOut = loads.filter(({ part }) => part === 'fan-out');
  const ingest = (subject: SubjectName, part: Part = 'ingest') =>
    loads.find((load) => load.part === part && load.subject === subject)?.measured.acknowledgedPerSecond;
  const latency = (subject: SubjectName, perSecond: number) =>
    loads.find(
      ({ part, subject: name, measured: { load } }) =>
        part === 'latency' && name === subject && load.kind === 'open' && load.perSecond === perSecond,
    )?.measured.delivery;
  const idle = (subject: SubjectName) =>
    results.find((result) => result.kind === 'idle' && result.subject === subject) as IdleMeasured | undefined;
  const perMessageOf = (processes: number) => {
    const load = loads.find((one) => one.part === 'processes' && one.processes === processes);
    return load && load.measured.control.serverCores / load.measured.acknowledgedPerSecond;
  };

  const lines: string[] = [];
  const goal = (
    text: string,
    value: number | undefined,
    isMet: (value: number) => boolean,
    shown: (value: number) => string,
  ) => {
    if (value !== undefined && Number.isFinite(value)) {
      lines.push(`${isMet(value) ? 'met    ' : 'NOT MET'}  ${text}: ${shown(value)}`);
    }
  };
  const ratio = (one: number | undefined, other: number | undefined) =>
    one !== undefined && other !== undefined ? one / other : undefined;
  const times = (value: number) => `${number(value, 2)} ×`;

  for (const receivers of new Set(fanOut.map((load) => load.receivers))) {
    const value = rateOf(fanOut, 'product without a database', receivers) / rateOf(fanOut, 'ws', receivers);
    goal(`1. fan-out to ${number(receivers)} ≥ 90 % of bare ws`, value, (found) => found >= 0.9, percent);
  }
  goal('2. durable chat ≥ 1.5 × bare Socket.IO that stores nothing', ratio(ingest('product'), ingest('socket.io')), (found) => found >= 1.5, times); // prettier-ignore
  goal('2. durable chat ≥ 6 × a bare TypeORM transaction for each message', ratio(ingest('product'), ingest('transaction')), (found) => found >= 6, times); // prettier-ignore
  goal('2. durable chat ≥ 6 × the same with a transaction for each message', ratio(ingest('product'), ingest('product by transaction')), (found) => found >= 6, times); // prettier-ignore
  goal('2. with a disk 2 ms slower ≥ 90 % of that', ratio(ingest('product', 'slow-disk'), ingest('product')), (found) => found >= 0.9, percent); // prettier-ignore
  goal('3. p99 to all members ≤ 15 ms at 1,000/s', latency('product', 1000)?.p99, (found) => found <= 15, milliseconds);
  goal('3. p50 to all members ≤ 3 ms at 5,000/s', latency('product', 5000)?.p50, (found) => found <= 3, milliseconds);
  goal('3. p99 at 5,000/s ≤ 1.3 × without a database', ratio(latency('product', 5000)?.p99, latency('product without a database', 5000)?.p99), (found) => found <= 1.3, times); // prettier-ignore
  goal('5. memory of a member ≤ 1.3 × plain Socket.IO', ratio(idle('product')?.bytesEach, idle('socket.io')?.bytesEach), (found) => found <= 1.3, times); // prettier-ignore
  goal('5. two processes ≤ 2 × the CPU per message', ratio(perMessageOf(2), perMessageOf(1)), (found) => found <= 2, times); // prettier-ignore
  return lines;
}

function generatorCheck(loads: readonly LoadMeasured[]): string[] {
  const slow = loads.filter(({ measured }) => measured.control.limitedBy === 'generator');
  return slow.length === 0
    ? ['The generator was never the bottleneck: always below 85 % of a core.']
    : [
        'The generator was at its limit here, so that the server could have done more:',
        ...slow.map(({ part, subject, receivers, measured }) => `  ${part}, ${NAMES[subject]}, ${receivers} receivers: ${cores(measured.control.generatorCores)}`), // prettier-ignore
      ];
}

function costLines({ subject, costs: { functions, owners } }: CostsMeasured): string[] {
  const lines = (costs: Costs['functions']) =>
    costs.map(({ name, percent: share }) => `  ${share.toFixed(1).padStart(5)} %  ${name}`);
  return [
    '',
    `What ${NAMES[subject]} was busy with at saturation (own time)`,
    'by owner',
    ...lines(owners),
    'by function',
    ...lines(functions),
  ];
}

const rateOf = (loads: readonly LoadMeasured[], subject: SubjectName, receivers: number): number =>
  median(
    loads
      .filter((load) => load.subject === subject && load.receivers === receivers)
      .map(({ measured }) => measured.deliveriesPerSecond),
  );

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? NaN) + (sorted[Math.ceil(middle)] ?? NaN)) / 2;
}

function groups<Item>(items: readonly Item[], keyOf: (item: Item) => string): [Item, ...Item[]][] {
  const found = new Map<string, [Item, ...Item[]]>();
  for (const item of items) {
    const same = found.get(keyOf(item));
    if (same) {
      same.push(item);
    } else {
      found.set(keyOf(item), [item]);
    }
  }
  return [...found.values()];
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) => row.map((cell, column) => (column === 0 || column === row.length - 1 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ').trimEnd()); // prettier-ignore
}

const number = (value: number, digits = 0): string =>
  value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
const milliseconds = (value: number): string => `${number(value, value < 10 ? 1 : 0)} ms`;
const kilobytes = (bytes: number): string => `${number(bytes / 1024, 1)} KB`;
const perMessage = (used: number | null, rate: number): string =>
  used === null || rate === 0 ? '–' : `${((used * 1000) / rate).toFixed(3)} ms`;
const cores = (value: number): string => `${Math.round(value * 100)} %`;
const percent = cores;
