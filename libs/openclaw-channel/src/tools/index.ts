import type { OpenClawPluginApi } from 'openclaw/plugin-sdk/channel-core';
import type { AgentLine } from '../agent-line.js';
import { ROOM_TOOLS } from './room-tools.js';
import { TASK_TOOLS } from './task-tools.js';
import { asAgentTool } from './tool.js';

const TOOLS = [...ROOM_TOOLS, ...TASK_TOOLS];

/** The manifest names the same. */
export const TOOL_NAMES: readonly string[] = TOOLS.map(({ name }) => name);

/** Gives the agent its tools. They act through the line there is when they are called. */
export function registerTools(api: OpenClawPluginApi, lineNow: () => AgentLine | null): void {
  api.registerTool((context) => TOOLS.map((one) => asAgentTool(one, context, lineNow)), { names: TOOL_NAMES });
}
