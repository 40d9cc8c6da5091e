import { type Signal, signal } from '@angular/core';
import { type ApiProblem, toApiProblem } from '../core/problem/api-problem';

/** Something read from the server once, again when asked for, and changed here meanwhile. */
export interface Loaded<T> {
  /** Null until it is there. */
  readonly value: Signal<T | null>;
  readonly problem: Signal<ApiProblem | null>;
  load(): Promise<void>;
  change(how: (value: T) => T): void;
  /** Takes what the server said just now; what was asked for before it counts no more. */
  take(value: T): void;
}

/** Holds what `read` gives, beginning now. A later answer never replaces one that was asked for after it. */
export function loaded<T>(read: () => Promise<T>): Loaded<T> {
  const value = signal<T | null>(null);
  const problem = signal<ApiProblem | null>(null);
  let asked = 0;
  const load = async (): Promise<void> => {
    const turn = ++asked;
    problem.set(null);
    try {
      const found = await read();
      if (turn === asked) {
        value.set(found);
      }
    } catch (thrown) {
      if (turn === asked) {
        problem.set(toApiProblem(thrown));
      }
    }
  };
  void load();
  return {
    value,
    problem,
    load,
    take: (answer) => {
      asked += 1;
      problem.set(null);
      value.set(answer);
    },
    change: (how) => value.update((now) => (now === null ? null : how(now))),
  };
}
