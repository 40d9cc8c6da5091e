import { randomUUID } from 'node:crypto';
import { join as joinPath } from 'node:path';
import { AgentKeyStore, runAgent } from '@clawtank/agent-sdk';
import { redactor } from '@clawtank/agent-work';
import type { Request } from './arguments.js';
import { AcpAgent } from './acp/acp-agent.js';
import { BridgeAgent } from './bridge-agent.js';
import { environmentWithoutSecrets } from './environment.js';
import { findToken } from './find-token.js';
import { lockInstance } from './instance-lock.js';
import { Journal } from './journal.js';
import { killStaleGroup } from './process-group.js';
import { introduce, requireSeat } from './seat.js';
import { TokenStore } from './token-store.js';

/** How long to wait for an earlier run that is about to end. */
const LOCK_PATIENCE_MS = 8000;

/** The second one of them ends this process at once. */
const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Works on the tasks that the agent is given, until it is stopped or refused. */
export async function join(
  { address, options, tokenFile, dataFolder }: Extract<Request, { name: 'join' }>,
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  const { server } = address;
  const store = new TokenStore(joinPath(dataFolder, 'tokens'));
  const token = await findToken({ server, tokenFile, environment, store, mayAsk: true });
  const redact = redactor(environment, [token]);
  const log = (line: string): void => void process.stdout.write(`${redact(line)}\n`);

  await requireSeat(address, token);
  await store.keep(server, token);
  await meet(options.command, dataFolder, environmentWithoutSecrets(environment, token), log);
  const instance = randomUUID();
  const self = await introduce(server, token, instance);

  const folder = joinPath(dataFolder, 'agents', self.agentId);
  const unlock = await lockInstance(joinPath(folder, 'lock'), LOCK_PATIENCE_MS);
  try {
    const journal = await Journal.open(joinPath(folder, 'journal'));
    for (const { process: left } of journal.entries()) {
      if (left && killStaleGroup(left)) {
        log(`Ended process ${left.pid}, which an earlier run left behind`);
      }
    }
    const keys = new AgentKeyStore(joinPath(dataFolder, 'keys'));
    const key = await keys.keyOf(self.agentId);
    const agent = new BridgeAgent({ server, token, self, key, folder, journal, options, environment, log });
    const running = runAgent(agent, {
      url: server.href,
      token,
      instance,
      keys,
      journal: joinPath(folder, 'inbox'),
      stopOn: [],
      report: (doing, error) =>
        log(`${doing}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
    });
    running.client.on('connected', ({ name, rooms }) =>
      log(`${name} is connected and has a seat in ${rooms.length} ${rooms.length === 1 ? 'room' : 'rooms'}`),
    );
    running.client.on('ended', ({ code }) => code !== 'closed' && agent.keepForNextTime());
    running.client.on('disconnected', () => log('The connection is lost; trying again'));
    const stop = (): void => {
      log('Stopping: claiming nothing more, work in hand may finish');
      void running.stop(options.stopGraceMs);
    };
    STOP_SIGNALS.forEach((signal) => process.once(signal, stop));
    try {
      await running.stopped;
    } finally {
      await agent.idle();
    }
  } finally {
    await unlock();
  }
}

/** Starts the agent once, so that one that cannot work claims nothing. */
async function meet(
  command: Parameters<typeof AcpAgent.start>[0],
  folder: string,
  environment: NodeJS.ProcessEnv,
  log: (line: string) => void,
): Promise<void> {
  const agent = await AcpAgent.start(command, folder, environment, {
    updated: () => undefined,
    permission: async () => ({ outcome: { outcome: 'cancelled' } }),
  });
  const { name, version } = agent.title;
  await agent.end(1000);
  log(`Agent: ${name}${version && ` ${version}`}`);
}
