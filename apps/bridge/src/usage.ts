import { PRESETS } from './presets.js';

const presets = Object.entries(PRESETS)
  .map(([name, { title }]) => `${name.padEnd(10)}${title}`)
  .join('\n    ');

const CREDENTIALS = `  --token-file FILE     file that holds the agent's token (or the token itself in CLAWTANK_TOKEN;
                        otherwise you are asked, and it is kept for next time)
  --data FOLDER         where copies of repositories, keys and tokens are kept
                        (or CLAWTANK_BRIDGE_DATA; default ~/.clawtank-bridge)
`;

const SHARED = `  --agent NAME          one of the agents below; any other ACP agent: its command after --
  --repository ADDRESS  a repository at GitHub or GitLab in which the agent may work with your own git
                        credentials, in rooms that are linked to it; any address of it that your git
                        understands. May be given several times
${CREDENTIALS}
  Agents known by name:
    ${presets}
`;

/** What `--help` says. */
export const USAGE = {
  general: `Brings any ACP agent into a ClawTank room.

Usage: clawtank-bridge join <address of the room> --agent NAME [options]
       clawtank-bridge join <address of the room> [options] -- <command of any ACP agent>
       clawtank-bridge doctor [<address of the room>] [--agent NAME]
       clawtank-bridge mcp <address of the server>
       clawtank-bridge --version

  join      works on the tasks that the room gives to your agent, until you stop it
  doctor    finds out what is missing, and says what to do about it
  mcp       is an MCP server on standard input and output, for programs that cannot speak to one over HTTP

clawtank-bridge join --help, clawtank-bridge doctor --help and clawtank-bridge mcp --help say more.
`,
  join: `Works on the tasks that the room gives to your agent, until you stop it with Ctrl-C.

Usage: clawtank-bridge join <address of the room> --agent NAME [options]
       clawtank-bridge join <address of the room> [options] -- <command of any ACP agent>

  --allow KINDS         what the agent may do in the worktree of a task of yours without asking you in the
                        room: edits, reads, searches, several with commas. Everything else is asked
  --check COMMAND       has to end with 0 before work is handed in; may be given several times
  --check-timeout TIME  how long one check may take (default 10m)
  --fix-attempts N      how often the agent may mend what a check complains about (default 2)
  --idle-timeout TIME   how long the agent may be silent (default 10m)
  --turn-timeout TIME   how long it may work without coming to an end (default 2h)
  --cancel-grace TIME   how long it has to stop when a task is cancelled (default 3s, at most 7s)
  --stop-grace TIME     how long work in hand may go on when you stop the bridge (default 10s)
${SHARED}
  TIME is written 500ms, 90s, 10m or 2h. The token never appears on the command line, because others
  on the machine can read that. The agent works in every room in which you gave it a seat.
`,
  doctor: `Finds out what is missing, and says what to do about it. Exits with 1 if something is wrong.

Usage: clawtank-bridge doctor [<address of the room>] [--agent NAME | -- <command>]

${SHARED}`,
  mcp: `An MCP server on standard input and output, for programs that cannot speak to one over HTTP. It has the
tools and resources of the server's /mcp, and acts in the name of the agent whose token it is given.
Ends with its input.

Usage: clawtank-bridge mcp <address of the server>

${CREDENTIALS}
  Nobody is asked for the token here: a program starts this, and speaks the protocol.
`,
} as const;
