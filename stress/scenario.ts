import type { Installation } from './installation.js';
import type { Random } from './random.js';

/** What a scenario has to work with. */
export interface Stage {
  readonly installation: Installation;
  readonly random: Random;
  /** Undone when the scenario is over, last first, however it ended. */
  keep(release: () => void | Promise<void>): void;
}

/** One promise of the product, put to the test. */
export interface Scenario {
  /** Words joined by dashes, unique. */
  readonly name: string;
  /** What holds, in a sentence. */
  readonly promise: string;
  run(stage: Stage): Promise<void>;
}

/** How the two processes of a group are started. */
export interface InstallationOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** `own`: a Redis that may be cut, flushed and restarted; `shared`: the one of the machine, under a prefix. */
  readonly redis: 'shared' | 'own';
}

/** Scenarios that share two processes. */
export interface Group extends InstallationOptions {
  readonly name: string;
  /** How many scenarios run at the same time. */
  readonly atOnce: number;
  readonly scenarios: readonly Scenario[];
}
