import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { ReferenceAgentOptions } from './reference-agent.js';

export const USAGE = `Usage: reference-agent [--url URL] [--token-file FILE] [--work-folder FOLDER]

  --url URL             address of the ClawTank server (or CLAWTANK_URL; default http://127.0.0.1:3000)
  --token-file FILE     file that holds the agent's token (or the token itself in CLAWTANK_TOKEN)
  --work-folder FOLDER  where it keeps its key and its copies of repositories (or CLAWTANK_WORK_FOLDER; default ./.clawtank-agent)
`;

/** What the command line and the environment do not say, or say wrongly. */
export class WrongSettings extends Error {}

/** Reads the settings. A token on the command line would be seen by everybody on the machine, so there is no way to give it there. */
export function readSettings(args: readonly string[], environment: NodeJS.ProcessEnv): ReferenceAgentOptions {
  const options = parse(args);
  const url = options.url ?? environment.CLAWTANK_URL ?? 'http://127.0.0.1:3000';
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new WrongSettings(`The server's address must start with http:// or https://, not ${url}`);
  }
  const file = options['token-file'];
  const token = (file === undefined ? environment.CLAWTANK_TOKEN : readToken(file))?.trim();
  if (!token) {
    throw new WrongSettings("The agent's token is missing: set CLAWTANK_TOKEN or name a file by --token-file");
  }
  const workFolder = resolve(options['work-folder'] ?? environment.CLAWTANK_WORK_FOLDER ?? '.clawtank-agent');
  return { url, token, workFolder };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: { url: { type: 'string' }, 'token-file': { type: 'string' }, 'work-folder': { type: 'string' } },
    }).values;
  } catch (error) {
    throw new WrongSettings((error as Error).message);
  }
}

function readToken(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new WrongSettings(`The token file cannot be read: ${(error as Error).message}`);
  }
}
