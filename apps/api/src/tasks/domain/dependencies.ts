/** What each task waits for, by id. */
export type DependencyGraph = ReadonlyMap<string, readonly string[]>;

/** Whether `from` waits for `to`, directly or through others. */
export function waitsFor(graph: DependencyGraph, from: string, to: string): boolean {
  const seen = new Set<string>();
  const next = [...(graph.get(from) ?? [])];
  for (let id = next.pop(); id !== undefined; id = next.pop()) {
    if (id === to) {
      return true;
    }
    if (!seen.has(id)) {
      seen.add(id);
      next.push(...(graph.get(id) ?? []));
    }
  }
  return false;
}

/** Whether some task would wait for itself if `taskId` waited for `ids`. */
export const makesCircle = (graph: DependencyGraph, taskId: string, ids: readonly string[]): boolean =>
  ids.some((id) => id === taskId || waitsFor(graph, id, taskId));
