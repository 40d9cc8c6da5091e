import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { AgentRefused } from './acp/acp-agent.js';

const run = promisify(execFile);
const TIMEOUT_MS = 60_000;

/**
 * OpenClaw works where its gateway's session does, wherever `openclaw acp` is started: without a session of its own for the worktree
 * it would change the files of its workspace.
 */
export async function openClawSession(folder: string, environment: NodeJS.ProcessEnv): Promise<string[]> {
  const label = `${folder} ${randomUUID()}`; // the gateway keeps its sessions, and takes no label twice
  const params = JSON.stringify({ cwd: folder, label });
  try {
    const { stdout } = await run('openclaw', ['gateway', 'call', 'sessions.create', '--params', params], {
      env: environment,
      timeout: TIMEOUT_MS,
    });
    const [, key] = /"key"\s*:\s*"([^"]+)"/.exec(stdout) ?? [];
    if (!key) {
      throw new Error('it named none');
    }
    return ['--session', key];
  } catch (error) {
    const { stderr = '', message } = error as Error & { stderr?: string };
    throw new AgentRefused(`OpenClaw’s gateway made no session for the worktree: ${stderr.trim() || message}`);
  }
}
