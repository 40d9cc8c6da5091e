import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** A `describe` whose tests need a program of the machine's. Where it is missing they are reported as skipped; CI has to have it. */
export function describeWithProgram(program: string, name: string, tests: () => void): void {
  if (isInstalled(program) || process.env['CI']) {
    describe(name, tests);
  } else {
    describe.skip(`${name} (no ${program})`, tests);
  }
}

function isInstalled(program: string): boolean {
  try {
    execFileSync('which', [program], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** A port that nobody uses right now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
