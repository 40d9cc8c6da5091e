import type { Stage } from '../server/stage.js';

/** One thing that is played with the agent, for several checks at once. */
export interface Scene {
  readonly name: SceneName;
  play(stage: Stage): Promise<void>;
}

export type SceneName =
  | 'first work'
  | 'asked for changes'
  | 'cut in the middle'
  | 'no answer'
  | 'lost lease'
  | 'lost in silence'
  | 'many tasks'
  | 'long work'
  | 'no repository'
  | 'interruptions'
  | 'orders from strangers'
  | 'meant for others'
  | 'a seat among orders'
  | 'small talk'
  | 'while away'
  | 'asking leave'
  | 'crash'
  | 'shut out'
  | 'replaced'
  | 'stopping';
