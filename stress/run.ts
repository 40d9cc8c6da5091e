// The suite: finds what it needs, runs the scenarios on installations of their own, reports, and leaves nothing behind.
import { type Options, readOptions, USAGE } from './options.js';
import { setTimeout as wait } from 'node:timers/promises';
import { Broken } from './expect.js';
import { Random } from './random.js';
import { Releases } from './releases.js';
import { type Outcome, render, repeatCommand, told } from './report.js';
import { Installation } from './installation.js';
import type { Group, Scenario } from './scenario.js';
import { LANES } from './scenarios/index.js';
import { Missing, Surroundings } from './surroundings.js';

const LONGEST_MS = 4 * 60_000;
/** The end of a process is heard of a moment after its connections have broken. */
const CRASH_TOLD_MS = 300;
const SCENARIO_MS = 90_000;

const releases = new Releases();
const outcomes: Outcome[] = [];
const say = (text: string): void => void process.stderr.write(`${text}\n`);

function wanted({ only }: Options): Group[][] {
  const isWanted = ({ name }: Scenario) => only.length === 0 || only.some((start) => name.startsWith(start));
  return LANES.map((lane) =>
    lane
      .map((group) => ({ ...group, scenarios: group.scenarios.filter(isWanted) }))
      .filter(({ scenarios }) => scenarios.length > 0),
  ).filter((lane) => lane.length > 0);
}

async function runLane(lane: readonly Group[], surroundings: Surroundings, seed: number): Promise<void> {
  for (const group of lane) {
    await runGroup(group, surroundings, seed);
  }
}

/** Runs the scenarios of a group on two processes of their own, some at once. */
async function runGroup(group: Group, surroundings: Surroundings, seed: number): Promise<void> {
  const own = new Releases();
  releases.keep(() => own.all());
  const started = performance.now();
  const waiting = group.scenarios.values();
  try {
    const installation = await Installation.start(surroundings, group, own.keep);
    await Promise.all(
      Array.from({ length: group.atOnce }, async () => {
        for (const scenario of waiting) {
          note(await runScenario(scenario, installation, seed));
        }
      }),
    );
  } catch (error) {
    // Without its processes, nothing in the group was shown.
    group.scenarios.forEach(({ name }) => note({ name, milliseconds: performance.now() - started, error }));
  } finally {
    await own.all();
  }
}

function note(outcome: Outcome): void {
  outcomes.push(outcome);
  say(told(outcome));
}

async function runScenario(scenario: Scenario, installation: Installation, seed: number): Promise<Outcome> {
  const own = new Releases();
  const started = performance.now();
  const random = new Random(`${seed}`).fork(scenario.name);
  let patience: NodeJS.Timeout | undefined;
  try {
    await Promise.race([
      scenario.run({ installation, random, keep: own.keep }),
      new Promise((_, reject) => {
        patience = setTimeout(() => reject(new Error(`Not done within ${SCENARIO_MS} ms`)), SCENARIO_MS);
      }),
    ]);
    return { name: scenario.name, milliseconds: performance.now() - started, error: null };
  } catch (error) {
    await wait(CRASH_TOLD_MS);
    const crashed = installation.servers.find(({ hasCrashed }) => hasCrashed);
    const cause = crashed
      ? new Broken(`the process ${crashed.name} stays up`, 'a running process', crashed.lastWords)
      : error;
    return { name: scenario.name, milliseconds: performance.now() - started, error: cause };
  } finally {
    clearTimeout(patience);
    await own.all();
  }
}

/** Fails when somebody wants this to end, it takes too long, or something went wrong that no scenario was waiting for. */
function interruption(): Promise<never> {
  return new Promise((_, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => reject(new Error(`Stopped by ${signal}`)));
    }
    process.on('unhandledRejection', reject);
    setTimeout(() => reject(new Error('This took too long')), LONGEST_MS).unref();
  });
}

/** Tells what came of every scenario, those included that an interruption left undone; says whether all promises were kept. */
function report(lanes: readonly (readonly Group[])[], seed: number): boolean {
  const done = new Set(outcomes.map(({ name }) => name));
  const undone = lanes.flat().flatMap(({ scenarios }) => scenarios.filter(({ name }) => !done.has(name)));
  const error = new Error('The suite was stopped before this was done');
  const all = [...outcomes, ...undone.map(({ name }) => ({ name, milliseconds: performance.now(), error }))];
  console.log(render(all, seed, performance.now()));
  return all.every((outcome) => outcome.error === null);
}

async function run(options: Options): Promise<void> {
  const lanes = wanted(options);
  if (lanes.length === 0) {
    throw new Missing(`No scenario is called ${options.only.join(', ')}; --list names them`);
  }
  const surroundings = await Surroundings.find();
  try {
    await Promise.race([Promise.all(lanes.map((lane) => runLane(lane, surroundings, options.seed))), interruption()]);
  } finally {
    process.exitCode = report(lanes, options.seed) ? 0 : 1;
  }
}

function readCommandLine(): Options {
  try {
    const options = readOptions(process.argv.slice(2));
    if (!options) {
      console.log(USAGE);
      process.exit(0);
    }
    return options;
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    process.exit(2);
  }
}

const options = readCommandLine();
if (options.list) {
  for (const { name, promise } of LANES.flat().flatMap(({ scenarios }) => scenarios)) {
    console.log(`${name}\n    ${promise}`);
  }
  process.exit(0);
}
say(`Seed ${options.seed}: ${repeatCommand(options.seed)}`);
await run(options).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = error instanceof Missing ? 2 : 1;
});
await releases.all();
process.exit();
