import { readFileSync } from 'node:fs';

interface Frame {
  readonly functionName: string;
  readonly url: string;
}
interface ProfileNode {
  readonly id: number;
  readonly callFrame: Frame;
  readonly children?: readonly number[];
}
interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

export interface Cost {
  readonly name: string;
  readonly percent: number;
}

/** Shares of the time in which the process was busy. */
export interface Costs {
  /** Time in functions themselves, not in what they call. */
  readonly functions: readonly Cost[];
  /** The same by package or part of the product; what Node does itself, such as writing to a socket, counts for who asked it to. */
  readonly owners: readonly Cost[];
}

const LISTED = 20;
const NOT_BUSY = ['(idle)', '(root)'];

/** What a `.cpuprofile` says the process was busy with. */
export function readCosts(file: string): Costs {
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(file, 'utf8')) as CpuProfile;
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const callers = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
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
    const owner = ownerAbove(id, frames, callers);
    add(owners, owner, time);
    add(functions, `${frame.functionName || '(anonymous)'}, ${owner}`, time);
  });
  const largest = (costs: ReadonlyMap<string, number>): Cost[] =>
    [...costs]
      .sort(([, left], [, right]) => right - left)
      .slice(0, LISTED)
      .map(([name, time]) => ({ name, percent: (100 * time) / busy }));
  return { functions: largest(functions), owners: largest(owners) };
}

/** The first, from a function upwards, of its callers that is not Node itself. */
function ownerAbove(id: number, frames: ReadonlyMap<number, Frame>, callers: ReadonlyMap<number, number>): string {
  for (let at: number | undefined = id; at !== undefined; at = callers.get(at)) {
    const owner = ownerOf(frames.get(at)?.url ?? '');
    if (owner !== null) {
      return owner;
    }
  }
  return frames.get(id)?.functionName === '(garbage collector)' ? 'garbage collector' : 'Node';
}

function ownerOf(url: string): string | null {
  if (url === '' || url.startsWith('node:')) {
    return null;
  }
  const path = url.split('node_modules/').at(-1) ?? url;
  if (path !== url) {
    const [scope = '', name = ''] = path.split('/');
    return scope.startsWith('@') ? `${scope}/${name}` : scope;
  }
  return /(?:apps\/api\/src|libs)\/[\w./-]+?(?=\.[jt]s$)/.exec(url)?.[0].replace('apps/api/src/', '') ?? url;
}

function add(totals: Map<string, number>, name: string, time: number): void {
  totals.set(name, (totals.get(name) ?? 0) + time);
}
