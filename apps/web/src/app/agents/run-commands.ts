/** What somebody types to run this repository's reference agent. */
export interface RunCommands {
  readonly keepToken: string;
  readonly start: string;
}

const PROGRAM = 'dist/api/apps/reference-agent/src/main.js';

/** The token goes through a file, because others on a machine can read what is on a command line. */
export function runCommands(agent: string, token: string, server: string): RunCommands {
  const file = `${agent}.token`;
  return {
    keepToken: `(umask 077 && printf %s '${token}' > ${file})`,
    start: `node ${PROGRAM} --url ${server} --token-file ${file}`,
  };
}
