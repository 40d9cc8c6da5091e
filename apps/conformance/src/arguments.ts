import { parseArgs } from 'node:util';
import { SCENES } from './scenes/index.js';
import type { SceneName } from './scenes/scene.js';

/** Nobody waits longer for an agent that does not start. */
const LONGEST_START_SECONDS = 600;

export const USAGE = `Puts an agent through the checks of ClawTank's agent protocol, against a real server.

Usage: clawtank-conformance <server> --agent "<command>" [--token-file FILE] [--start-within SECONDS] [--json FILE]

  <server>           address of the ClawTank server, e.g. http://127.0.0.1:3000
  --agent COMMAND    starts the agent, as for sh. It finds CLAWTANK_URL, CLAWTANK_TOKEN and CLAWTANK_ROOM
                     in its environment, and is started, killed and stopped several times
  --token-file FILE  holds the access token of a person who may make rooms and agents; the token itself may
                     be in CLAWTANK_PERSON_TOKEN. Without either the kit registers people of its own
  --start-within SECONDS
                     how long the agent may take from its start until it has registered: 30 unless said
                     otherwise, at most ${LONGEST_START_SECONDS}. For agents that are part of something that starts slowly
  --json FILE        writes the report for programs
  --scene NAME       plays only this scene, and may be given several times: a check that needs another one is
                     not shown. Scenes are named while they are played
  --trace FILE       writes all that was seen, as JSON, one entry a line

Exits with 1 if a required check failed, with 64 if the command line is wrong, with 69 if the server cannot be used.
`;

export interface Request {
  readonly server: URL;
  readonly agent: string;
  readonly tokenFile: string | null;
  /** How long the agent may take to start; null if nothing is said of it. */
  readonly startMs: number | null;
  readonly json: string | null;
  readonly trace: string | null;
  /** Null for all of them. */
  readonly scenes: readonly SceneName[] | null;
}

/** What the command line does not say, or says wrongly. */
export class WrongArguments extends Error {}

/** Reads the command line; null if it asks for help. */
export function readArguments(args: readonly string[]): Request | null {
  const { values, positionals } = parse(args);
  if (values.help) {
    return null;
  }
  const [server, ...more] = positionals;
  if (server === undefined || more.length > 0) {
    throw new WrongArguments('Name one server');
  }
  if (!URL.canParse(server) || !/^https?:$/.test(new URL(server).protocol)) {
    throw new WrongArguments(`The server's address must start with http:// or https://, not ${server}`);
  }
  if (!values.agent) {
    throw new WrongArguments('Say by --agent how the agent is started');
  }
  return {
    server: new URL(server),
    agent: values.agent,
    tokenFile: values['token-file'] ?? null,
    startMs: values['start-within'] === undefined ? null : secondsOf(values['start-within']) * 1000,
    json: values.json ?? null,
    trace: values.trace ?? null,
    scenes: values.scene ? values.scene.map(sceneOf) : null,
  };
}

function secondsOf(text: string): number {
  const seconds = Number(text);
  if (!/^\d+$/.test(text) || seconds < 1 || seconds > LONGEST_START_SECONDS) {
    throw new WrongArguments(
      `--start-within is a whole number of seconds from 1 to ${LONGEST_START_SECONDS}, not ${text || 'nothing'}`,
    );
  }
  return seconds;
}

function sceneOf(name: string): SceneName {
  const scene = SCENES.find((one) => one.name === name);
  if (!scene) {
    throw new WrongArguments(`There is no scene ${name}, only ${SCENES.map((one) => one.name).join(', ')}`);
  }
  return scene.name;
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        agent: { type: 'string' },
        'token-file': { type: 'string' },
        'start-within': { type: 'string' },
        json: { type: 'string' },
        trace: { type: 'string' },
        scene: { type: 'string', multiple: true },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new WrongArguments((error as Error).message);
  }
}
