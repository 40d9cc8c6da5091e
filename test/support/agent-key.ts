import { AgentKey } from '@clawtank/agent-sdk';
import { KEY_PROOF_NAMESPACE, keyProofText } from '@clawtank/contracts';
import { generateKeyPair, parsePrivateKey } from '@clawtank/ssh-signature';
import { accepted, type RoomSocket } from './people.js';

/** How an agent signs what it commits. */
export interface Signer {
  readonly key: AgentKey;
  /** The agent's own address. */
  readonly email: string;
}

/** A new key that nobody has registered. */
export function anAgentKey(): AgentKey {
  const key = parsePrivateKey(generateKeyPair().privateKey);
  if (!key) {
    throw new Error('A key of ours cannot be read');
  }
  return new AgentKey(key);
}

/** What shows that a key is this agent's. */
export const registrationOf = (key: AgentKey, agentId: string) => ({
  publicKey: key.publicKey,
  proof: key.sign(keyProofText(agentId), KEY_PROOF_NAMESPACE),
});

/** Registers a new key for the agent of this socket. */
export async function signerOf(socket: RoomSocket): Promise<Signer> {
  const { agentId, commitEmail } = await accepted(socket, 'agent_register', {});
  const key = anAgentKey();
  await accepted(socket, 'register_key', registrationOf(key, agentId));
  return { key, email: commitEmail };
}
