import type { OpenClawPluginApi } from 'openclaw/plugin-sdk/channel-core';
import { ROOM_TOOLS } from './room-tools.js';
import { TASK_TOOLS } from './task-tools.js';
import { asAgentTool, type Lines } from './tool.js';

const TOOLS = [...ROOM_TOOLS, ...TASK_TOOLS];

/** The manifest names the same. */
export const TOOL_NAMES: readonly string[] = TOOLS.map(({ name }) => name);

/** Gives the agent its tools. They act through the lines there are when they are called. */
export function registerTools(api: OpenClawPluginApi, linesNow: () => Lines): void {
  api.registerTool((context) => TOOLS.map((one) => asAgentTool(one, context, linesNow)), { names: TOOL_NAMES });
}
