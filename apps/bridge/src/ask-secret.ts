import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/** Asks for a line at the terminal without showing what is typed; null if there is no terminal. */
export async function askSecret(question: string): Promise<string | null> {
  const { stdin, stderr } = process;
  if (!stdin.isTTY || !stderr.isTTY) {
    return null;
  }
  stderr.write(question);
  const silence = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: stdin, output: silence, terminal: true });
  try {
    return (await terminal.question('')).trim();
  } finally {
    terminal.close();
    stderr.write('\n');
  }
}
