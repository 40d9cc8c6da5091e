import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { CheckResult } from '@clawtank/agent-work';
import { signalGroup } from './process-group.js';

const MAX_OUTPUT = 16_000;

/** Runs one of the project's checks in the worktree, as a shell does, and keeps the end of what it prints. */
export async function runCheck(
  command: string,
  {
    folder,
    environment,
    timeoutMs,
    signal,
  }: {
    readonly folder: string;
    readonly environment: NodeJS.ProcessEnv;
    readonly timeoutMs: number;
    readonly signal: AbortSignal;
  },
): Promise<CheckResult> {
  signal.throwIfAborted();
  const began = performance.now();
  const child = spawn('/bin/sh', ['-c', command], {
    cwd: folder,
    env: environment,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const hear = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-MAX_OUTPUT);
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const kill = (): void => void signalGroup(child.pid ?? 0, 'SIGKILL');
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    kill();
  }, timeoutMs);
  signal.addEventListener('abort', kill);
  try {
    const [code, ended] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    signal.throwIfAborted();
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    const failure = isLate
      ? `did not end within ${timeoutMs / 1000} s`
      : `ended with ${code ?? ended} after ${seconds} s`;
    const passed = code === 0 && !isLate;
    return { command, passed, outcome: passed ? `passed in ${seconds} s` : failure, output: output.trim() };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', kill);
    kill(); // what it left behind
  }
}
