import { DOCUMENT, Service, inject, signal } from '@angular/core';

const KEPT = 300;

/** Which messages a person does not want to make tasks of, kept on this device: a matter of taste, which nobody else need know. */
@Service()
export class DeclinedOffers {
  private readonly storage = inject(DOCUMENT).defaultView?.localStorage;
  private readonly declined = signal<ReadonlyMap<string, readonly string[]>>(new Map());

  has(readerId: string, messageId: string): boolean {
    return (this.declined().get(readerId) ?? this.read(readerId)).includes(messageId);
  }

  decline(readerId: string, messageId: string): void {
    const ids = [messageId, ...this.read(readerId).filter((id) => id !== messageId)].slice(0, KEPT);
    this.declined.update((all) => new Map(all).set(readerId, ids));
    try {
      this.storage?.setItem(keyOf(readerId), JSON.stringify(ids));
    } catch {
      // Storage is full or blocked: declined as long as the page lasts.
    }
  }

  private read(readerId: string): readonly string[] {
    try {
      const kept: unknown = JSON.parse(this.storage?.getItem(keyOf(readerId)) ?? '[]');
      return Array.isArray(kept) ? kept.filter((id) => typeof id === 'string') : [];
    } catch {
      return [];
    }
  }
}

const keyOf = (readerId: string): string => `clawtank.declined-offers.${readerId}`;
