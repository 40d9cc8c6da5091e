export interface KeyRegistration {
  readonly agentId: string;
  /** This key, if any agent ever registered it. */
  readonly known: { readonly agentId: string; readonly revokedAt: Date | null } | null;
  /** How many keys of the agent are active. */
  readonly active: number;
  readonly maxActive: number;
}

/** `known`: it is registered already, and nothing changes. */
export type KeyDecision = 'granted' | 'known' | 'key_taken' | 'key_revoked' | 'too_many_keys';

/** Whether an agent may use a key from now on. One that was revoked is lost for good: somebody else may have it. */
export function decideRegistration({ agentId, known, active, maxActive }: KeyRegistration): KeyDecision {
  if (known && known.agentId !== agentId) {
    return 'key_taken';
  }
  if (known) {
    return known.revokedAt ? 'key_revoked' : 'known';
  }
  return active < maxActive ? 'granted' : 'too_many_keys';
}
