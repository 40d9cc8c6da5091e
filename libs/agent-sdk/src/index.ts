export type { Agent, TaskSession, WorkSubmission } from './agent.js';
export { AgentClient, type AgentClientEvents, connectAgent, type ConnectOptions } from './agent-client.js';
export { AgentStopping, CommandRefused, ConnectionEnded, type EndCode, LeaseLost, NotDelivered } from './errors.js';
export type { AgentRoom, AgentRoomEvents } from './agent-room.js';
export { runAgent, type RunAgentOptions, type RunningAgent } from './run-agent.js';
