import { readFileSync } from 'node:fs';
import { askSecret } from './ask-secret.js';
import type { TokenStore } from './token-store.js';

/** There is no token; the message says how to give one. */
export class NoToken extends Error {}

interface Where {
  readonly server: URL;
  readonly tokenFile: string | null;
  readonly environment: NodeJS.ProcessEnv;
  readonly store: TokenStore;
  /** Whether somebody may be asked. */
  readonly mayAsk: boolean;
}

/** The agent's token: from the file that was named, the environment, the last time, or whoever sits at the terminal. */
export async function findToken({ server, tokenFile, environment, store, mayAsk }: Where): Promise<string> {
  const token =
    (tokenFile === null ? null : readToken(tokenFile)) ??
    environment.CLAWTANK_TOKEN?.trim() ??
    store.get(server) ??
    (mayAsk ? await askSecret(`Token of your agent at ${server.host} (shown once, when you made the agent): `) : null);
  if (!token) {
    throw new NoToken(
      `The agent’s token is missing. Make an agent at ${new URL('/agents', server).href}, and give its token by CLAWTANK_TOKEN, by --token-file, or in a terminal`,
    );
  }
  return token;
}

function readToken(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new NoToken(`The token file cannot be read: ${(error as Error).message}`);
  }
}
