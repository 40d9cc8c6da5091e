import { ConnectionEnded } from '@clawtank/agent-sdk';
import { AgentDied, AgentRefused } from './acp/acp-agent.js';
import { readArguments, type Request, WrongArguments } from './arguments.js';
import { doctor } from './doctor/doctor.js';
import { NoToken } from './find-token.js';
import { AlreadyRunning } from './instance-lock.js';
import { join } from './join.js';
import { mcp } from './mcp/mcp.js';
import { NoUpstream } from './mcp/upstream.js';
import { NoSeat } from './seat.js';
import { USAGE } from './usage.js';
import { VERSION } from './version.js';

/** As in sysexits.h: the command line is wrong; something that is needed is not there; the server does not let the agent in. */
const EXIT = { wrongArguments: 64, unavailable: 69, refused: 77 } as const;

async function main(): Promise<number> {
  try {
    return await carryOut(readArguments(process.argv.slice(2), process.env));
  } catch (error) {
    return explain(error);
  }
}

async function carryOut(request: Request): Promise<number> {
  switch (request.name) {
    case 'help':
      process.stdout.write(USAGE[request.about ?? 'general']);
      return 0;
    case 'version':
      process.stdout.write(`${VERSION}\n`);
      return 0;
    case 'join':
      await join(request, process.env);
      return 0;
    case 'mcp':
      await mcp(request, process.env);
      return 0;
    case 'doctor':
      return (await doctor(request, process.env)) ? 0 : 1;
  }
}

function explain(error: unknown): number {
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  if (error instanceof WrongArguments) {
    say(`${error.message}\n\nclawtank-bridge --help says more.`);
    return EXIT.wrongArguments;
  }
  if (error instanceof ConnectionEnded && error.code === 'superseded') {
    say(
      'Another clawtank-bridge has taken over for this agent. This one has stopped: an agent is in one place at a time.',
    );
    return EXIT.refused;
  }
  if (error instanceof ConnectionEnded) {
    say(`The server does not let the agent in: ${error.message}`);
    return EXIT.refused;
  }
  if (error instanceof AgentDied || error instanceof AgentRefused) {
    say(`The agent does not work: ${error.message}\nclawtank-bridge doctor says more.`);
    return EXIT.unavailable;
  }
  if (
    error instanceof NoUpstream ||
    error instanceof NoSeat ||
    error instanceof NoToken ||
    error instanceof AlreadyRunning
  ) {
    say(error.message);
    return EXIT.unavailable;
  }
  throw error;
}

process.exitCode = await main();
