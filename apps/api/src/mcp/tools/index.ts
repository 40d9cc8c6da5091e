import { APPROVAL_TOOLS } from './approval-tools.js';
import { MESSAGE_TOOLS } from './message-tools.js';
import { ROOM_TOOLS } from './room-tools.js';
import { TASK_TOOLS } from './task-tools.js';
import type { AnyTool } from './tool.js';
import { WAIT_TOOL } from './wait-tool.js';

/** Every tool there is. */
export const TOOLS: readonly AnyTool[] = [...ROOM_TOOLS, ...TASK_TOOLS, ...APPROVAL_TOOLS, ...MESSAGE_TOOLS, WAIT_TOOL];
