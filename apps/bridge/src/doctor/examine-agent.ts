import type { InitializeResponse } from '@agentclientprotocol/sdk';
import { AcpAgent } from '../acp/acp-agent.js';
import type { AgentCommand } from '../acp/agent-process.js';
import { PRESETS } from '../presets.js';
import type { Finding } from './findings.js';

const EXIT_GRACE_MS = 1000;

/** Starts the agent and hears what it says of itself. */
export async function examineAgent(
  command: AgentCommand | null,
  folder: string,
  environment: NodeJS.ProcessEnv,
): Promise<Finding> {
  if (!command) {
    const known = Object.keys(PRESETS).join(', ');
    return { about: 'Agent', state: 'skipped', what: `none was named; --agent knows ${known}` };
  }
  try {
    const agent = await AcpAgent.start(command, folder, environment, {
      updated: () => undefined,
      permission: async () => ({ outcome: { outcome: 'cancelled' } }),
    });
    await agent.end(EXIT_GRACE_MS);
    return { about: 'Agent', state: 'ok', what: describe(agent.title, agent.description) };
  } catch (error) {
    return { about: 'Agent', state: 'wrong', what: (error as Error).message, remedy: remedyFor(command) };
  }
}

function describe({ name, version }: AcpAgent['title'], description: InitializeResponse): string {
  const { loadSession, sessionCapabilities } = description.agentCapabilities ?? {};
  const memory = sessionCapabilities?.resume
    ? 'resumes its sessions after a crash'
    : loadSession
      ? 'loads its sessions again after a crash'
      : 'forgets its sessions when it crashes, and then is told the task again';
  const ways = (description.authMethods ?? []).map((method) => method.name).join(', ');
  return [
    `${[name, version].filter(Boolean).join(' ')} speaks ACP ${description.protocolVersion}`,
    memory,
    ways && `ways to sign in: ${ways}`,
  ]
    .filter(Boolean)
    .join('\n');
}

function remedyFor({ program }: AgentCommand): string {
  const preset = Object.values(PRESETS).find((one) => one.program === program);
  return preset
    ? `${preset.install}\nStart it once by hand and sign in.${preset.note ? ` ${preset.note}` : ''}`
    : 'Start the same command by hand: it has to wait for ACP on its standard input';
}
