import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startProgram } from './program.js';
import { playStory, summarise } from './story.js';

const USAGE = `Usage: npm run demo [-- --fast] [--exit]

  --fast   without the pauses that let people follow in the browser
  --exit   end when the story has ended, instead of leaving the room open for a look around

PORT says where it is served (default 3000).
`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { fast: { type: 'boolean' }, exit: { type: 'boolean' }, help: { type: 'boolean' } },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const stopped = stopRequested();
  const folder = mkdtempSync(join(tmpdir(), 'clawtank-demo-'));
  const server = startProgram('apps/api/src/main', {
    DATA_DIR: join(folder, 'data'),
    PORT: process.env['PORT'] ?? '3000',
    LOG_LEVEL: 'error',
    SHOW_SETUP_LINK: 'false',
    NODE_ENV: 'development',
    REGISTRATION: 'open',
  });
  try {
    const address = await server.says(/ClawTank is ready:\s+(\S+)/);
    const story = playStory({ address, workFolder: join(folder, 'agents'), pauseMs: values.fast ? 0 : 1800, say });
    const outcome = await Promise.race([story, stopped]);
    if (outcome) {
      say(summarise(outcome));
      if (!values.exit) {
        say('The room stays open for a look around. Ctrl-C ends the demo and removes what it made.');
        await stopped;
      }
    }
    return 0;
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Resolves, with nothing, when somebody wants the demo to end. */
function stopRequested(): Promise<undefined> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const) {
      process.on(signal, () => resolve(undefined));
    }
  });
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
