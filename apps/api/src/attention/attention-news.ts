import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { BUS, type Bus } from '../platform/bus/bus.js';

/** Something of a person's own that changed what they have not read, on one of their devices or for all of them. */
export interface OwnChange {
  readonly userId: string;
  /** The room whose badge changed, if one did. */
  readonly roomId?: string;
  /** With `roomId`: the one they talk to directly there, if that is the badge that changed. */
  readonly memberId?: string;
  /** The connection that caused it, and knows. */
  readonly connectionId?: string;
}

/** What happened since the last one, in all rooms that one process wrote to. Room ids with the place of the newest entry. */
export interface News {
  readonly rooms: Readonly<Record<string, number>>;
  /** Whose seats changed. */
  readonly seats: readonly string[];
  readonly own: readonly OwnChange[];
}

const CHANNEL = 'attention';
/** What happens within this time travels together: a busy process says four things a second, whatever is said in it. */
const GATHER_MS = 250;

/** Carries between the processes where there may be something new to read. Ids and places only; lossy, as the bus is. */
@Injectable()
export class AttentionNews implements OnApplicationShutdown {
  private rooms = new Map<string, number>();
  private seats = new Set<string>();
  private own: OwnChange[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(@Inject(BUS) private readonly bus: Bus) {}

  onApplicationShutdown(): void {
    clearTimeout(this.timer);
  }

  async listen(listener: (news: News) => void): Promise<void> {
    await this.bus.subscribe(CHANNEL, (message) => listener(message as News));
  }

  roomHasNews(roomId: string, seq: number): void {
    this.rooms.set(roomId, seq);
    this.gather();
  }

  seatsChanged(userId: string): void {
    this.seats.add(userId);
    this.gather();
  }

  changedFor(change: OwnChange): void {
    this.own.push(change);
    this.gather();
  }

  private gather(): void {
    this.timer ??= setTimeout(() => this.tell(), GATHER_MS).unref();
  }

  private tell(): void {
    const news: News = { rooms: Object.fromEntries(this.rooms), seats: [...this.seats], own: this.own };
    this.timer = undefined;
    this.rooms = new Map();
    this.seats = new Set();
    this.own = [];
    void this.bus.publish(CHANNEL, news);
  }
}
