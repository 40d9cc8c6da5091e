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

/** All open lines of this process by whose they are, so that whoever loses access is cut off everywhere at once. */
@Injectable()
export class Connections implements OnModuleInit {
  private readonly byTag = new Map<string, Set<OpenLine>>();

  constructor(@Inject(BUS) private readonly bus: Bus) {}

  async onModuleInit(): Promise<void> {
    await this.bus.subscribe(CHANNEL, (message) => this.closeHere(message as CloseMessage));
  }

  /** Keeps `line` until the returned function is called. */
  keep(line: OpenLine): () => void {
    for (const tag of line.tags) {
      const lines = this.byTag.get(tag) ?? new Set();
      lines.add(line);
      this.byTag.set(tag, lines);
    }
    return () => {
      for (const tag of line.tags) {
        const lines = this.byTag.get(tag);
        lines?.delete(line);
        if (lines?.size === 0) {
          this.byTag.delete(tag);
        }
      }
    };
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
    for (const line of [...(this.byTag.get(tag) ?? [])]) {
      line.close(reason);
    }
  }
}
