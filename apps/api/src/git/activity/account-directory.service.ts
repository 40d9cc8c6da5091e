import { type Actor, Id } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AgentEntity } from '../../agents/index.js';
import { Users } from '../../users/index.js';
import type { ProviderAccount } from '../domain/git-fact.js';
import type { GitProvider } from '../domain/normalise.js';

/** Somebody a provider speaks of, and the person here who answers for them, if they are known here. */
export interface Identified {
  readonly actor: Actor;
  readonly userId: string | null;
}

const ACCOUNT_NUMBER = /^\d{1,18}$/;

/** Knows people and agents by their accounts' ids at a provider. Names and addresses prove nothing and are only shown. */
@Injectable()
export class AccountDirectory {
  constructor(private readonly users: Users) {}

  async identify(manager: EntityManager, provider: GitProvider, account: ProviderAccount): Promise<Identified> {
    const known =
      provider === 'clawtank'
        ? await this.ownAccount(manager, account.id)
        : await this.linkedAccount(manager, provider, account.id);
    return (
      known ?? {
        actor: { type: isTheHost(provider, account) ? 'system' : 'webhook', id: null, name: account.login },
        userId: null,
      }
    );
  }

  private async ownAccount(manager: EntityManager, id: string): Promise<Identified | null> {
    if (!Id.safeParse(id).success) {
      return null;
    }
    const agent = await manager.findOneBy(AgentEntity, { id });
    if (agent) {
      return { actor: { type: 'agent', id, name: agent.name }, userId: agent.ownerId };
    }
    const user = await this.users.find(id, manager);
    return user && { actor: { type: 'human', id, name: user.username }, userId: id };
  }

  private async linkedAccount(
    manager: EntityManager,
    provider: 'github' | 'gitlab',
    id: string,
  ): Promise<Identified | null> {
    const user = ACCOUNT_NUMBER.test(id) ? await this.users.findByProvider(provider, id, manager) : null;
    return user && { actor: { type: 'human', id: user.id, name: user.username }, userId: user.id };
  }
}

/** What the built-in host does by itself, it does in nobody's name. */
const isTheHost = (provider: GitProvider, { id }: ProviderAccount): boolean => provider === 'clawtank' && id === '';
