import type { LoggerService } from '@nestjs/common';

export type BusListener = (message: unknown) => void;

/**
 * Carries small messages between the processes of one installation, this one included: quickly, in order per channel, and lossily.
 * Whatever must not be lost is in PostgreSQL; the bus only makes it arrive sooner.
 */
export interface Bus {
  publish(channel: string, message: unknown): Promise<void>;
  /** For what this process knows already: whether its own listeners hear it too is left open, and they must not mind. */
  publishToOthers(channel: string, message: unknown): Promise<void>;
  /**
   * Resolves once messages published from now on will arrive, or as soon as the bus is known to be away: then they will once
   * it is back. Returns how to stop.
   */
  subscribe(channel: string, listener: BusListener): Promise<() => Promise<void>>;
  /** Calls `listener` whenever messages are carried again after some may have been lost. */
  onReturn(listener: () => void): void;
  close(): Promise<void>;
}

export const BUS = Symbol('Bus');

/** Hands each listener a copy of the message. One that throws, or a text that is no message, harms nobody else. */
export function deliver(text: string, listeners: Iterable<BusListener>, logger: Pick<LoggerService, 'error'>): void {
  for (const listener of listeners) {
    try {
      listener(JSON.parse(text));
    } catch (error) {
      logger.error(error);
    }
  }
}
