/** Every branch and tag of a repository with the object it points to. */
export type Refs = ReadonlyMap<string, string>;

/** What happened to one ref between two looks at a repository. */
export type RefChange =
  | { readonly kind: 'created'; readonly ref: string; readonly before: null; readonly after: string }
  | { readonly kind: 'updated'; readonly ref: string; readonly before: string; readonly after: string }
  | { readonly kind: 'deleted'; readonly ref: string; readonly before: string; readonly after: null };

/** The changes that lead from one set of refs to the other, in the order of their names. */
export function diffRefs(before: Refs, after: Refs): RefChange[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names.flatMap((ref) => changeOf(ref, before.get(ref), after.get(ref)) ?? []);
}

function changeOf(ref: string, before: string | undefined, after: string | undefined): RefChange | null {
  if (before === after) {
    return null;
  }
  if (before === undefined) {
    return after === undefined ? null : { kind: 'created', ref, before: null, after };
  }
  return after === undefined ? { kind: 'deleted', ref, before, after: null } : { kind: 'updated', ref, before, after };
}
