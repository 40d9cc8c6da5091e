import { readdirSync, readFileSync } from 'node:fs';

/** What runs with this home folder, whoever started it: its number, and the words it was started with. */
export function processesAtHome(home: string): { readonly pid: number; readonly command: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const variables = readFileSync(`/proc/${name}/environ`, 'utf8').split('\0');
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
        return variables.includes(`HOME=${home}`) ? [{ pid: Number(name), command }] : [];
      } catch {
        return []; // it is gone, or somebody else's
      }
    });
}

/** `kill -9`, whoever is left to hear it. */
export function endAtOnce(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it has ended with the one before
  }
}
