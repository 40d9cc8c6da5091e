import type { Approval } from '@clawtank/contracts';
import type { Step } from '../support/scripted-model/protocol.js';
import type { ScriptedModel } from '../support/scripted-model/scripted-model.js';

/** What runs beside an agent, and the variables with which that finds it. */
export interface Company {
  readonly environment: NodeJS.ProcessEnv;
  stop(): Promise<void>;
}

/** An agent as npm has it, with a scripted model. */
export interface RealAgent {
  /** What `--agent` calls it. */
  readonly preset: string;
  readonly package: string;
  readonly version: string;
  /** What it calls itself. */
  readonly title: RegExp;
  /** Starts what has to run beside it, if anything. */
  begin?(model: ScriptedModel): Promise<Company>;
  /** Writes its settings into its owner's home folder, and answers the variables that its owner has set. */
  settle(home: string, model: ScriptedModel): NodeJS.ProcessEnv;
  /** How its model uses its tools. */
  readonly tools: {
    /** Null if it has no plan. */
    plan(steps: readonly string[]): Step | null;
    write(path: string, text: string): Step;
    /** In a manner that it asks leave for. */
    run(command: string): Step;
  };
  /** What it asks leave for when its model writes a file and then runs a program. */
  readonly asks: readonly Approval['kind'][];
}
