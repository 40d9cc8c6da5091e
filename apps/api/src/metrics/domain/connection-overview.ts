import type { ConnectionOverview } from '@clawtank/contracts';

interface Connected {
  readonly process: string;
  readonly type: 'human' | 'agent';
  readonly roomIds: readonly string[];
}

/** Connections counted by process, the busiest first. */
export function overviewOf(connections: readonly Connected[]): ConnectionOverview {
  const processes = [...Map.groupBy(connections, ({ process }) => process)].map(([process, own]) => ({
    process,
    people: own.filter(({ type }) => type === 'human').length,
    agents: own.filter(({ type }) => type === 'agent').length,
    rooms: new Set(own.flatMap(({ roomIds }) => roomIds)).size,
  }));
  return {
    total: connections.length,
    processes: processes.sort((a, b) => b.people + b.agents - (a.people + a.agents)),
  };
}
