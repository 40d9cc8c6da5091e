/**
 * Carries small messages between the processes of one installation, this one included: quickly, in order per channel, and lossily.
 * Whatever must not be lost is in PostgreSQL; the bus only makes it arrive sooner.
 */
export interface Bus {
  publish(channel: string, message: unknown): Promise<void>;
  /** Resolves once messages published from now on will arrive. Returns how to stop. */
  subscribe(channel: string, listener: (message: unknown) => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

export const BUS = Symbol('Bus');
