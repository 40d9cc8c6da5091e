import * as z from 'zod';
import { Handle, Id, Instant, OptionalText } from './primitives.js';

export const AgentStatusName = z.enum(['working', 'idle', 'error']);

export const CreateAgent = z
  .object({ name: Handle, description: OptionalText(280).default('') })
  .meta({ id: 'CreateAgent' });
export type CreateAgent = z.infer<typeof CreateAgent>;

export const Agent = z
  .object({
    id: Id,
    name: z.string(),
    description: z.string(),
    ownerId: Id,
    tokenPrefix: z.string(),
    createdAt: Instant,
    lastSeenAt: Instant.nullable(),
    revokedAt: Instant.nullable(),
    connected: z.boolean(),
    rooms: z.array(z.object({ id: Id, name: z.string() })),
  })
  .meta({ id: 'Agent', description: 'An agent as its owner sees it.' });
export type Agent = z.infer<typeof Agent>;

export const NewAgent = z
  .object({ agent: Agent, token: z.string() })
  .meta({ id: 'NewAgent', description: 'A new agent with its token, which is shown this once.' });
export type NewAgent = z.infer<typeof NewAgent>;

export const PROTOCOL_VERSION = 1;

export const AgentRegister = z.object({
  capabilities: z.array(z.string().max(60)).max(50).default([]),
  protocolVersion: z.int().default(PROTOCOL_VERSION),
  /** Names this run of the agent, so that a second one can be told apart. */
  instance: z.string().max(100).default('default'),
});
export type AgentRegister = z.infer<typeof AgentRegister>;

export const AgentSelf = z.object({
  agentId: Id,
  name: z.string(),
  ownerId: Id,
  protocolVersion: z.int(),
  rooms: z.array(Id),
});
export type AgentSelf = z.infer<typeof AgentSelf>;

export const AgentStatusReport = z.object({ status: AgentStatusName, currentTask: OptionalText(200).optional() });
export type AgentStatusReport = z.infer<typeof AgentStatusReport>;
