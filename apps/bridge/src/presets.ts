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
  },
  codex: {
    title: 'Codex',
    program: 'codex-acp',
    args: [],
    install: 'npm install -g @agentclientprotocol/codex-acp',
    note: 'It asks for little, because it works in a sandbox of its own.',
  },
  gemini: {
    title: 'Gemini CLI',
    program: 'gemini',
    args: ['--acp'],
    install: 'npm install -g @google/gemini-cli',
  },
  opencode: {
    title: 'OpenCode',
    program: 'opencode',
    args: ['acp'],
    install: 'npm install -g opencode-ai',
  },
  qwen: {
    title: 'Qwen Code',
    program: 'qwen',
    args: ['--acp'],
    install: 'npm install -g @qwen-code/qwen-code',
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
