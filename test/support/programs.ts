import { execFileSync } from 'node:child_process';

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
