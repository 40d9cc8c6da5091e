import { Service, signal } from '@angular/core';

/** Tokens that the server has just shown, for the page that shows them on. Nothing keeps them: a reload forgets them. */
@Service()
export class FreshTokens {
  private readonly tokens = signal<ReadonlyMap<string, string>>(new Map());

  /** The agent's token, if it was made in this visit and is not put away yet. */
  of(agentId: string): string | null {
    return this.tokens().get(agentId) ?? null;
  }

  show(agentId: string, token: string): void {
    this.tokens.update((tokens) => new Map(tokens).set(agentId, token));
  }

  putAway(agentId: string): void {
    this.tokens.update((tokens) => new Map([...tokens].filter(([id]) => id !== agentId)));
  }
}
