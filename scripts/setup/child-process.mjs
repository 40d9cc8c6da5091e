// Only Node 20 and no dependencies here: this runs before anything is installed.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';

const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs a program until it ends, handing it every signal that asks us to stop.
 * Resolves to its exit code, in the way of shells: 128 plus the number of the signal that ended it.
 */
export function run(program, args, options) {
  return waitFor(spawn(program, args, options));
}

/**
 * Does one step of the set-up: one line with the time it took. What the program prints is shown only if it fails, and then
 * this process ends too.
 */
export async function runStep(name, program, args, env = process.env) {
  const started = performance.now();
  process.stdout.write(`${name} … `);

  const output = [];
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
  child.stdout.on('data', (chunk) => output.push(chunk));
  child.stderr.on('data', (chunk) => output.push(chunk));
  const code = await waitFor(child);
  if (code !== 0) {
    process.stdout.write('failed\n');
    process.stderr.write(Buffer.concat(output));
    process.exit(code);
  }
  process.stdout.write(`${((performance.now() - started) / 1000).toFixed(1)} s\n`);
}

async function waitFor(child) {
  // Ctrl-C reaches us twice, from the terminal and from npm: the child hears of each signal once.
  const passedOn = new Set();
  const passOn = (signal) => {
    if (!passedOn.has(signal)) child.kill(signal);
    passedOn.add(signal);
  };
  for (const signal of STOP_SIGNALS) process.on(signal, passOn);
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
    });
  } finally {
    for (const signal of STOP_SIGNALS) process.off(signal, passOn);
  }
}
