/** Coding agents that the bridge knows by name. */
export const BRIDGED_AGENTS = [
  { name: 'claude', title: 'Claude Code', install: 'npm install -g @agentclientprotocol/claude-agent-acp' },
  { name: 'codex', title: 'Codex', install: 'npm install -g @agentclientprotocol/codex-acp' },
  { name: 'gemini', title: 'Gemini CLI', install: 'npm install -g @google/gemini-cli' },
  { name: 'opencode', title: 'OpenCode', install: 'npm install -g opencode-ai' },
  { name: 'qwen', title: 'Qwen Code', install: 'npm install -g @qwen-code/qwen-code' },
  { name: 'openclaw', title: 'OpenClaw', install: 'npm install -g openclaw' },
] as const;
export type BridgedAgent = (typeof BRIDGED_AGENTS)[number]['name'] | 'other';

const PROGRAM = 'dist/api/apps/reference-agent/src/main.js';

const tokenFile = (agent: string): string => `${agent}.token`;

/** Keeps the token in a file only its owner can read: others on a machine can read what is on a command line. */
export const keepToken = (agent: string, token: string): string =>
  `(umask 077 && printf %s '${token}' > ${tokenFile(agent)})`;

/** Starts this repository's reference agent. */
export const startReferenceAgent = (agent: string, server: string): string =>
  `node ${PROGRAM} --url ${server} --token-file ${tokenFile(agent)}`;

export interface BridgedRoom {
  readonly id: string;
  /** The address of a repository that the server does not host itself: the owner's own git has to reach it. */
  readonly elsewhere: string | null;
}

/** Brings a coding agent into a room by the bridge. */
export function startBridge(
  agent: string,
  server: string,
  { id, elsewhere }: BridgedRoom,
  which: BridgedAgent,
): string {
  const room = `npx clawtank-bridge join ${server}/rooms/${id} --token-file ${tokenFile(agent)}`;
  const begin = `${room}${elsewhere === null ? '' : ` --repository ${elsewhere}`} --allow edits,reads,searches`;
  return which === 'other' ? `${begin} -- my-agent --acp` : `${begin} --agent ${which}`;
}

/** Brings OpenClaw in by its channel plugin, which also talks; the token stays in its file. */
export const openClawSteps = (agent: string, server: string) => ({
  build: 'npm run build -- openclaw-channel',
  install: 'openclaw plugins install ./dist/openclaw-channel --force --accept-capabilities',
  configure: `printf '{"channels":{"clawtank":{"enabled":true,"serverUrl":"${server}","tokenFile":"%s"}}}' "$PWD/${tokenFile(agent)}" | openclaw config patch --stdin`,
  enable: 'openclaw plugins enable clawtank --accept-capabilities',
});

export const mcpAddress = (server: string): string => `${server}/mcp`;

/** Adds the room's tools to Claude Code; other clients take the same address and header. */
export const addMcp = (agent: string, server: string): string =>
  `claude mcp add --transport http clawtank ${mcpAddress(server)} --header "Authorization: Bearer $(cat ${tokenFile(agent)})"`;
