import { setTimeout as delay } from 'node:timers/promises';
import type { CommandInput, CommandName, CommandReply } from '@clawtank/contracts';
import { CommandRefused, type ConnectionEnded, NotDelivered } from './errors.js';

const MAX_WAITING = 500;
/** How often a command that the server cannot take right now is sent before its sender hears of it. */
const MAX_POSTPONEMENTS = 20;
const POSTPONED_MS = 1000;
const LONGEST_POSTPONEMENT_MS = 60_000;

type Deliver = (name: CommandName, request: CommandInput<CommandName>) => Promise<unknown>;

interface Waiting {
  readonly name: CommandName;
  readonly request: CommandInput<CommandName>;
  readonly resolve: (reply: unknown) => void;
  readonly reject: (error: unknown) => void;
  postponements: number;
}

/**
 * Commands that carry an id, delivered one after the other in the order they were given. One that gets no answer is sent again,
 * unchanged, on the next connection: the server knows its id and answers what it answered the first time.
 */
export class Outbox {
  private readonly waiting: Waiting[] = [];
  private readonly ending = new AbortController();
  private isOpen = false;
  private isDraining = false;

  constructor(private readonly deliver: Deliver) {}

  add<Name extends CommandName>(name: Name, request: CommandInput<Name>): Promise<CommandReply<Name>> {
    if (this.ending.signal.aborted) {
      return Promise.reject(this.ending.signal.reason as ConnectionEnded);
    }
    if (this.waiting.length >= MAX_WAITING) {
      return Promise.reject(new NotDelivered(name, 'buffer_full'));
    }
    return new Promise((resolve, reject) => {
      this.waiting.push({
        name,
        request,
        resolve: (reply) => resolve(reply as CommandReply<Name>),
        reject,
        postponements: 0,
      });
      void this.drain();
    });
  }

  /** There is a connection: everything that waits goes out. */
  resume(): void {
    this.isOpen = true;
    void this.drain();
  }

  pause(): void {
    this.isOpen = false;
  }

  /** There will be no connection any more. */
  end(reason: ConnectionEnded): void {
    this.isOpen = false;
    this.ending.abort(reason);
    for (const { reject } of this.waiting.splice(0)) {
      reject(reason);
    }
  }

  private async drain(): Promise<void> {
    if (this.isDraining) {
      return;
    }
    this.isDraining = true;
    for (let next = this.waiting[0]; this.isOpen && next; next = this.waiting[0]) {
      await this.attempt(next);
    }
    this.isDraining = false;
  }

  private async attempt(command: Waiting): Promise<void> {
    try {
      const reply = await this.deliver(command.name, command.request);
      this.remove(command);
      command.resolve(reply);
    } catch (error) {
      if (error instanceof NotDelivered) {
        return;
      }
      if (isPassing(error) && command.postponements++ < MAX_POSTPONEMENTS) {
        await this.rest(error.retryAfter ?? POSTPONED_MS);
        return;
      }
      this.remove(command);
      command.reject(error);
    }
  }

  private remove(command: Waiting): void {
    const place = this.waiting.indexOf(command);
    if (place >= 0) {
      this.waiting.splice(place, 1);
    }
  }

  private async rest(milliseconds: number): Promise<void> {
    const { signal } = this.ending;
    await delay(Math.min(milliseconds, LONGEST_POSTPONEMENT_MS), undefined, { signal }).catch(() => undefined);
  }
}

function isPassing(error: unknown): error is CommandRefused {
  return error instanceof CommandRefused && (error.code === 'rate_limited' || error.code === 'unavailable');
}
