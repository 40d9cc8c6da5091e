import type { AgentCommand } from './acp/agent-process.js';
import { openClawSession } from './openclaw-session.js';

/** An agent that is known to speak ACP, and how it is started. */
export interface Preset extends AgentCommand {
  readonly title: string;
  /** What to type if the command is not there. */
  readonly install: string;
  /** What its owner should know, if anything. */
  readonly note?: string;
}

/** The agents that `--agent` knows by name. */
export const PRESETS: Readonly<Record<string, Preset>> = {
  claude: {
    title: 'Claude Code',
    program: 'claude-agent-acp',
    args: [],
    install: 'npm install -g @agentclientprotocol/claude-agent-acp',
    mode: 'default',
  },
  codex: {
    title: 'Codex',
    program: 'codex-acp',
    args: [],
    install: 'npm install -g @agentclientprotocol/codex-acp',
    note: 'It asks for little, because it works in a sandbox of its own.',
    mode: 'workspace-write', // in the one it begins in, a model decides what needs leave
  },
  gemini: {
    title: 'Gemini CLI',
    program: 'gemini',
    args: ['--acp'],
    install: 'npm install -g @google/gemini-cli',
    mode: 'default',
  },
  opencode: {
    title: 'OpenCode',
    program: 'opencode',
    args: ['acp'],
    install: 'npm install -g opencode-ai',
    environment: { OPENCODE_PERMISSION: JSON.stringify({ edit: 'ask', bash: 'ask', webfetch: 'ask' }) },
  },
  qwen: {
    title: 'Qwen Code',
    program: 'qwen',
    args: ['--acp'],
    install: 'npm install -g @qwen-code/qwen-code',
    mode: 'default', // in the one it begins in, a model decides what needs leave
  },
  openclaw: {
    title: 'OpenClaw',
    program: 'openclaw',
    args: ['acp'],
    install: 'npm install -g openclaw',
    note: 'Its gateway has to run.',
    argsFor: openClawSession,
  },
};
