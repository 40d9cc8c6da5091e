import { type AgentKey, KEY_PROOF_NAMESPACE, keyProofText, type RegisterKey } from '@clawtank/contracts';
import { parsePublicKey, type PublicKey, verifySignature } from '@clawtank/ssh-signature';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, IsNull } from 'typeorm';
import type { AgentCaller, HumanCaller } from '../platform/caller.js';
import { UnitOfWork, type Work } from '../platform/database/unit-of-work.js';
import { notFound, Refusal } from '../platform/errors/refusal.js';
import { Connections } from '../platform/sockets/connections.js';
import { violatedConstraint } from '../users/index.js';
import { AgentEntity } from './agent.entity.js';
import { AgentKeyEntity } from './agent-key.entity.js';
import { decideRegistration } from './domain/register-key.js';

const MAX_ACTIVE = 5;

const REFUSALS = {
  key_taken: 'This key was registered by another agent',
  key_revoked: 'This key was revoked and cannot come back; the agent needs a new one',
  too_many_keys: `An agent has at most ${MAX_ACTIVE} keys; its owner can revoke those that are not used any more`,
} as const;

/** The keys by which agents sign. Agents register them; their owners see and revoke them. */
@Injectable()
export class AgentKeys {
  constructor(
    private readonly dataSource: DataSource,
    private readonly unitOfWork: UnitOfWork,
    private readonly connections: Connections,
  ) {}

  /** Makes a key the agent's own, if the agent shows that it has the private half. */
  async register(caller: AgentCaller, request: RegisterKey): Promise<AgentKey> {
    const key = parsePublicKey(request.publicKey);
    if (!key) {
      throw new Refusal('invalid_input', 'This is not an ed25519 public key as in an OpenSSH .pub file');
    }
    const text = keyProofText(caller.agentId);
    const { verdict } = verifySignature(request.proof, text, { keys: [key], namespace: KEY_PROOF_NAMESPACE });
    if (verdict !== 'good') {
      throw new Refusal(
        'signature_invalid',
        `The proof must be this key’s SSH signature over “${text}” for ${KEY_PROOF_NAMESPACE}`,
      );
    }
    return this.unitOfWork.runOnce(
      { actorId: caller.id, commandId: request.commandId, name: 'register_key', request },
      async (work) => presentKey(await this.add(work, caller.agentId, key)),
    );
  }

  /** The keys by which the agent's signatures count right now. */
  async activeOf(agentId: string, manager: EntityManager = this.dataSource.manager): Promise<PublicKey[]> {
    const keys = await manager.findBy(AgentKeyEntity, { agentId, revokedAt: IsNull() });
    return keys.flatMap(({ publicKey }) => parsePublicKey(publicKey) ?? []);
  }

  /** Refuses an agent that had keys and has none left: until it registers another, nothing that it commits would count. */
  async requireNotAllRevoked(agentId: string): Promise<void> {
    const keys = await this.dataSource.manager.findBy(AgentKeyEntity, { agentId });
    if (keys.length > 0 && keys.every(({ revokedAt }) => revokedAt !== null)) {
      throw new Refusal('key_revoked', 'The key of this agent was revoked; it needs a new one before it pushes');
    }
  }

  /** All keys an agent ever had, for its owner. */
  async list(caller: HumanCaller, agentId: string): Promise<AgentKey[]> {
    const { manager } = this.dataSource;
    await this.mustOwn(manager, caller, agentId);
    const keys = await manager.find(AgentKeyEntity, { where: { agentId }, order: { createdAt: 'ASC', id: 'ASC' } });
    return keys.map(presentKey);
  }

  /** Ends a key for good. An agent that has none left is cut off: nothing it does would count. Revoking it again changes nothing. */
  async revoke(caller: HumanCaller, agentId: string, keyId: string): Promise<void> {
    const isWithoutKey = await this.unitOfWork.run(async ({ manager, now }) => {
      await this.mustOwn(manager, caller, agentId);
      const key = await manager.findOneBy(AgentKeyEntity, { id: keyId, agentId });
      if (!key) {
        throw notFound('key');
      }
      const { affected } = await manager.update(AgentKeyEntity, { id: keyId, revokedAt: IsNull() }, { revokedAt: now });
      return affected === 1 && !(await manager.existsBy(AgentKeyEntity, { agentId, revokedAt: IsNull() }));
    });
    if (isWithoutKey) {
      await this.connections.closeAll(`agent:${agentId}`, 'The key of this agent was revoked');
    }
  }

  private async add({ manager, now }: Work, agentId: string, key: PublicKey): Promise<AgentKeyEntity> {
    // Held, so that keys of one agent are counted one after the other.
    await manager.findOneOrFail(AgentEntity, { where: { id: agentId }, lock: { mode: 'for_no_key_update' } });
    const known = await manager.findOneBy(AgentKeyEntity, { publicKey: key.line });
    const active = await manager.countBy(AgentKeyEntity, { agentId, revokedAt: IsNull() });
    const decision = decideRegistration({ agentId, known, active, maxActive: MAX_ACTIVE });
    if (known && decision === 'known') {
      return known;
    }
    if (decision !== 'granted' && decision !== 'known') {
      throw new Refusal(decision, REFUSALS[decision]);
    }
    const { line: publicKey, fingerprint } = key;
    const added = manager.create(AgentKeyEntity, { agentId, publicKey, fingerprint, createdAt: now, revokedAt: null });
    await manager.insert(AgentKeyEntity, added).catch((error: unknown) => {
      throw violatedConstraint(error) === 'agent_keys_public_key_key'
        ? new Refusal('key_taken', REFUSALS.key_taken)
        : error;
    });
    return added;
  }

  private async mustOwn(manager: EntityManager, { userId }: HumanCaller, agentId: string): Promise<void> {
    if (!(await manager.existsBy(AgentEntity, { id: agentId, ownerId: userId }))) {
      throw notFound('agent');
    }
  }
}

function presentKey({ id, agentId, publicKey, fingerprint, createdAt, revokedAt }: AgentKeyEntity): AgentKey {
  return {
    id,
    agentId,
    publicKey,
    fingerprint,
    createdAt: createdAt.toISOString(),
    revokedAt: revokedAt?.toISOString() ?? null,
  };
}
