import { readFileSync } from 'node:fs';

interface Frame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
}
interface CpuProfile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: Frame }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

export interface Cost {
  readonly name: string;
  readonly percent: number;
}

export interface Costs {
  /** Time in the functions themselves, not in what they call, as a share of the time in which the process was busy. */
  readonly functions: readonly Cost[];
  /** The same by package or part of the product. */
  readonly owners: readonly Cost[];
}

const LISTED = 20;
const NOT_BUSY = ['(idle)', '(root)'];

const WRITING = 'writing to sockets';
const NATIVE: Readonly<Record<string, string>> = {
  '(garbage collector)': 'garbage collector',
  writev: WRITING,
  writeBuffer: WRITING,
  writeUtf8String: WRITING,
  writeLatin1String: WRITING,
};

/** What a `.cpuprofile` says the process was busy with. */
export function readCosts(file: string): Costs {
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(file, 'utf8')) as CpuProfile;
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const functions = new Map<string, number>();
  const owners = new Map<string, number>();
  let busy = 0;
  samples.forEach((id, index) => {
    const frame = frames.get(id);
    if (!frame || NOT_BUSY.includes(frame.functionName) || frame.url === 'node:inspector') {
      return;
    }
    const time = timeDeltas[index] ?? 0;
    busy += time;
    const owner = ownerOf(frame);
    add(owners, owner, time);
    add(functions, `${frame.functionName || '(anonymous)'}  ${owner}:${frame.lineNumber + 1}`, time);
  });
  const largest = (costs: ReadonlyMap<string, number>): Cost[] =>
    [...costs]
      .sort(([, left], [, right]) => right - left)
      .slice(0, LISTED)
      .map(([name, time]) => ({ name, percent: (100 * time) / busy }));
  return { functions: largest(functions), owners: largest(owners) };
}

function ownerOf({ functionName, url }: Frame): string {
  if (url === '') {
    return NATIVE[functionName] ?? 'other native code';
  }
  const path = url.split('node_modules/').at(-1) ?? url;
  if (path !== url) {
    return path
      .split('/')
      .slice(0, path.startsWith('@') ? 2 : 1)
      .join('/');
  }
  return (
    /(?:apps\/api\/src|libs)\/[\w./-]+?(?=\.[jt]s$)/.exec(url)?.[0].replace('apps/api/src/', '') ??
    url.replace(/^file:\/\//, '')
  );
}

function add(totals: Map<string, number>, name: string, time: number): void {
  totals.set(name, (totals.get(name) ?? 0) + time);
}
