import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { redactor } from '@clawtank/agent-work';
import type { Request } from '../arguments.js';
import { environmentWithoutSecrets } from '../environment.js';
import { findToken, NoToken } from '../find-token.js';
import { TokenStore } from '../token-store.js';
import { examineAgent } from './examine-agent.js';
import { examineGit, examineNode, examineSigning } from './examine-machine.js';
import { examineRepository } from './examine-repository.js';
import { examineServer } from './examine-server.js';
import { type Finding, isSomethingWrong, table } from './findings.js';

/** Looks at everything the bridge needs and prints what it found. False if something is wrong. */
export async function doctor(
  { address, command, repositories, tokenFile, dataFolder }: Extract<Request, { name: 'doctor' }>,
  environment: NodeJS.ProcessEnv,
): Promise<boolean> {
  const store = new TokenStore(join(dataFolder, 'tokens'));
  const token = address && (await tokenOf({ server: address.server, tokenFile, environment, store, mayAsk: true }));
  const findings: Finding[] = [
    examineNode(process.version),
    await examineGit(),
    await examineSigning(dataFolder),
    await examineAgent(command, tmpdir(), environmentWithoutSecrets(environment, token ?? '')),
    ...(await examineServer(address, token)),
    ...(await examineRepository(address, token, repositories, dataFolder)),
  ];
  const redact = redactor(environment, token ? [token] : []);
  process.stdout.write(`${redact(table(findings))}\n`);
  return !isSomethingWrong(findings);
}

/** Null if there is none: that is a finding, not the end of the examination. */
async function tokenOf(where: Parameters<typeof findToken>[0]): Promise<string | null> {
  try {
    return await findToken(where);
  } catch (error) {
    if (error instanceof NoToken) {
      return null;
    }
    throw error;
  }
}
