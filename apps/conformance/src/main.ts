import { readFileSync, writeFileSync } from 'node:fs';
import { readArguments, type Request, USAGE, WrongArguments } from './arguments.js';
import { CHECKS } from './domain/checks/index.js';
import { redactor } from './domain/redact.js';
import { asTable, judge, reportOf } from './domain/report.js';
import { observe } from './run.js';
import { ServerUnfit } from './server/person.js';

/** As in sysexits.h: the command line is wrong; the server cannot be used. */
const EXIT = { nonconforming: 1, wrongArguments: 64, unavailable: 69 } as const;

async function main(): Promise<number> {
  try {
    const request = readArguments(process.argv.slice(2));
    if (!request) {
      process.stdout.write(USAGE);
      return 0;
    }
    return await examine(request);
  } catch (error) {
    if (error instanceof WrongArguments) {
      process.stderr.write(`${error.message}\n\n${USAGE}`);
      return EXIT.wrongArguments;
    }
    if (error instanceof ServerUnfit || (error instanceof TypeError && error.message === 'fetch failed')) {
      process.stderr.write(`The server cannot be used: ${error.message}\n`);
      return EXIT.unavailable;
    }
    throw error;
  }
}

async function examine({ server, agent, tokenFile, startMs, json, trace, scenes }: Request): Promise<number> {
  const began = performance.now();
  const token = tokenFile === null ? process.env['CLAWTANK_PERSON_TOKEN'] : readFileSync(tokenFile, 'utf8').trim();
  const recording = await observe(
    { server, agent, token, ...(startMs !== null && { startMs }), ...(scenes && { scenes }) },
    (scene) => process.stderr.write(`${scene} …\n`),
  );
  const seconds = Math.round((performance.now() - began) / 1000);
  const report = reportOf({ server: server.href, agent, seconds }, judge(CHECKS, recording), recording);
  const redact = redactor([recording.subject.token, token]);
  process.stdout.write(redact(asTable(report)));
  if (json !== null) {
    writeFileSync(json, `${redact(JSON.stringify(report, null, 2))}\n`);
  }
  if (trace !== null) {
    writeFileSync(trace, recording.entries.map((entry) => `${redact(JSON.stringify(entry))}\n`).join(''));
  }
  return report.conforms ? 0 : EXIT.nonconforming;
}

process.exitCode = await main();
