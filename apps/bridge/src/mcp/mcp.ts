import { join } from 'node:path';
import type { Request } from '../arguments.js';
import { findToken } from '../find-token.js';
import { TokenStore } from '../token-store.js';
import { serveMcp } from './serve-mcp.js';

/** `clawtank-bridge mcp`: finds the agent's token, and serves its rooms to whoever started this. */
export async function mcp(
  { server, tokenFile, dataFolder }: Extract<Request, { name: 'mcp' }>,
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  const store = new TokenStore(join(dataFolder, 'tokens'));
  await serveMcp(server, await findToken({ server, tokenFile, environment, store, mayAsk: false }));
}
