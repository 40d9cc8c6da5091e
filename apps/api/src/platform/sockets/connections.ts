import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { BUS, type Bus } from '../bus/bus.js';

/** Anything that holds a line open for somebody: a member's socket, an agent's, a spectator's. */
export interface OpenLine {
  /** Whose it is, e.g. `user:<id>`, `session:<id>`, `agent:<id>`. Closing any of them closes the line. */
  readonly tags: readonly string[];
  close(reason: string): void;
}

interface CloseMessage {
  readonly tag: string;
  readonly reason: string;
}

const CHANNEL = 'connections:close';
/** Nobody who is to be let in is looked at for longer than this. */
const REMEMBERED_MS = 60_000;

/** All open lines of this process by whose they are, so that whoever loses access is cut off everywhere at once. */
@Injectable()
export class Connections implements OnModuleInit {
  /** Nearly all have one line: a list of one is a third of a set of one. */
  private readonly byTag = new Map<string, readonly OpenLine[]>();
  /** When this process last heard that all lines of a tag are closed, the longest ago first. */
  private readonly closedAt = new Map<string, number>();

  constructor(@Inject(BUS) private readonly bus: Bus) {}

  async onModuleInit(): Promise<void> {
    await this.bus.subscribe(CHANNEL, (message) => this.closeHere(message as CloseMessage));
  }

  /** To be taken before somebody is looked at who is then let in unless `wasClosedSince`. */
  now(): number {
    return performance.now();
  }

  /**
   * Whether somebody of these tags was cut off since `then`, or that is too long ago to know. They had no line yet that could be
   * closed, and what was read of them may be from before.
   */
  wasClosedSince(then: number, tags: readonly string[]): boolean {
    return this.now() - then > REMEMBERED_MS || tags.some((tag) => (this.closedAt.get(tag) ?? -Infinity) >= then);
  }

  /** Keeps `line` until the returned function is called. */
  keep(line: OpenLine): () => void {
    for (const tag of line.tags) {
      this.byTag.set(tag, [...(this.byTag.get(tag) ?? []), line]);
    }
    return () => this.forget(line);
  }

  has(tag: string): boolean {
    return this.byTag.has(tag);
  }

  /** Closes every line of `tag`, in all processes. Here it has happened when this returns. */
  async closeAll(tag: string, reason: string): Promise<void> {
    this.closeHere({ tag, reason });
    await this.bus.publish(CHANNEL, { tag, reason } satisfies CloseMessage);
  }

  private closeHere({ tag, reason }: CloseMessage): void {
    this.remember(tag);
    for (const line of this.byTag.get(tag) ?? []) {
      line.close(reason);
    }
  }

  private forget(line: OpenLine): void {
    for (const tag of line.tags) {
      const others = this.byTag.get(tag)?.filter((other) => other !== line) ?? [];
      if (others.length > 0) {
        this.byTag.set(tag, others);
      } else {
        this.byTag.delete(tag);
      }
    }
  }

  private remember(tag: string): void {
    const now = this.now();
    this.closedAt.delete(tag);
    this.closedAt.set(tag, now);
    for (const [oldest, at] of this.closedAt) {
      if (now - at <= REMEMBERED_MS) {
        break;
      }
      this.closedAt.delete(oldest);
    }
  }
}
