#!/usr/bin/env node
import { ConnectionEnded, runAgent } from '@clawtank/agent-sdk';
import { ReferenceAgent } from './reference-agent.js';
import { readSettings, USAGE, WrongSettings } from './settings.js';

/** As in sysexits.h: the settings are wrong; the server does not let the agent in. */
const EXIT = { wrongSettings: 78, refused: 77 } as const;

async function main(): Promise<number> {
  if (process.argv.includes('--help')) {
    process.stdout.write(USAGE);
    return 0;
  }
  try {
    const settings = readSettings(process.argv.slice(2), process.env);
    const agent = new ReferenceAgent(settings);
    const running = runAgent(agent, { ...settings, keys: agent.keys });
    running.client.on('connected', ({ name, rooms }) =>
      log(`${name} is connected and has a seat in ${rooms.length} rooms`),
    );
    running.client.on('disconnected', () => log('The connection is lost; trying again'));
    await running.stopped;
    return 0;
  } catch (error) {
    if (error instanceof WrongSettings) {
      process.stderr.write(`${error.message}\n\n${USAGE}`);
      return EXIT.wrongSettings;
    }
    if (error instanceof ConnectionEnded) {
      process.stderr.write(`The server does not let the agent in: ${error.message}\n`);
      return EXIT.refused;
    }
    throw error;
  }
}

function log(line: string): void {
  process.stdout.write(`${line}\n`);
}

process.exitCode = await main();
