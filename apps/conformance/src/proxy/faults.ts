/** What is to happen to something on its way. */
export type Treatment =
  { readonly fate: 'swallow' } | { readonly fate: 'repeat' } | { readonly fate: 'hold'; readonly forMs: number };

export interface Passing {
  readonly kind: 'answer' | 'push';
  /** Of the command that is answered, or of the push. */
  readonly name: string;
  /** What was asked, or what is pushed. */
  readonly data: Readonly<Record<string, unknown>>;
}

interface Order {
  readonly isMeant: (passing: Passing) => boolean;
  readonly treatment: Treatment;
  readonly carriedOut: () => void;
}

/** Orders to do harm to the next thing of some kind that passes: each is carried out once. */
export class Faults {
  private readonly orders = new Set<Order>();

  /** Resolves once it has happened. */
  once(kind: Passing['kind'], name: string, treatment: Treatment, isMeant?: (data: Passing['data']) => boolean) {
    let order: Order | undefined;
    const happened = new Promise<void>((resolve) => {
      order = {
        isMeant: (passing) => passing.kind === kind && passing.name === name && (isMeant?.(passing.data) ?? true),
        treatment,
        carriedOut: resolve,
      };
      this.orders.add(order);
    });
    return { happened, cancel: () => void (order && this.orders.delete(order)) };
  }

  clear(): void {
    this.orders.clear();
  }

  /** The treatment that was ordered for this, if any. */
  take(passing: Passing): Treatment | null {
    for (const order of this.orders) {
      if (order.isMeant(passing)) {
        this.orders.delete(order);
        order.carriedOut();
        return order.treatment;
      }
    }
    return null;
  }
}
