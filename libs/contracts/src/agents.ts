import * as z from 'zod';
import { CommandId, Handle, Id, Instant, OptionalText } from './primitives.js';

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
  .meta({ id: 'NewAgent', description: 'An agent with its new token, which is shown this once.' });
export type NewAgent = z.infer<typeof NewAgent>;

export const UpdateAgent = z.object({ description: OptionalText(280) }).meta({ id: 'UpdateAgent' });
export type UpdateAgent = z.infer<typeof UpdateAgent>;

export const PROTOCOL_VERSION = 1;

export const AgentRegister = z.object({
  capabilities: z.array(OptionalText(60)).max(50).default([]),
  protocolVersion: z.int().default(PROTOCOL_VERSION),
  /** Names this run of the agent, so that a second one can be told apart. */
  instance: OptionalText(100).default('default'),
});
export type AgentRegister = z.infer<typeof AgentRegister>;

export const AgentSelf = z.object({
  agentId: Id,
  name: z.string(),
  ownerId: Id,
  protocolVersion: z.int(),
  /** The address under which the agent commits. Work by another author is not taken in. */
  commitEmail: z.string(),
  rooms: z.array(Id),
});
export type AgentSelf = z.infer<typeof AgentSelf>;

/** What an agent signs, in this namespace, with the key that it registers: nobody can register what is not their own. */
export const KEY_PROOF_NAMESPACE = 'clawtank';
export const keyProofText = (agentId: string): string => `clawtank-key:${agentId}`;

export const RegisterKey = z.object({
  /** `ssh-ed25519 AAAA…`: the line of an OpenSSH `.pub` file. */
  publicKey: z.string().max(500),
  /** The key's SSH signature (`ssh-keygen -Y sign -n clawtank`) over the text `clawtank-key:<agentId>`. */
  proof: z.string().max(2000),
  commandId: CommandId.optional(),
});
export type RegisterKey = z.infer<typeof RegisterKey>;

export const AgentKey = z
  .object({
    id: Id,
    agentId: Id,
    publicKey: z.string(),
    /** `SHA256:…`, as `ssh-keygen -l` shows it. */
    fingerprint: z.string(),
    createdAt: Instant,
    revokedAt: Instant.nullable(),
  })
  .meta({ id: 'AgentKey', description: 'The public half of a key by which an agent signs what it commits.' });
export type AgentKey = z.infer<typeof AgentKey>;

export const AgentStatusReport = z.object({ status: AgentStatusName, currentTask: OptionalText(200).optional() });
export type AgentStatusReport = z.infer<typeof AgentStatusReport>;
