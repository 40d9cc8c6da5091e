import type { PublicEvent, SpectatorPresence } from '@clawtank/contracts';
import type { AudienceCount } from '../rooms/index.js';
import type { ViewingFigures } from './domain/viewing-figures.js';
import type { SpectatorLine } from './spectator-line.js';
import { SpectatorMessage } from './spectator-message.js';
import type { SpectatorRefusal } from './spectator-refusal.js';

/** Whoever watches, or is about to. */
export interface Watcher {
  readonly line: SpectatorLine;
  readonly isRegistered: boolean;
  /** Ends the watching: says why, and closes the line. */
  dismiss(refusal: SpectatorRefusal): void;
  /** The room's chat is held in another way than before, or, with `subjects`, these may speak in it or no longer. */
  chatChanged(subjects?: readonly string[]): void;
}

const BATCH_MS = 50;
const MAX_BATCH = 100;
/** Nothing changes so fast that spectators need to hear of it more often. */
const PRESENCE_MS = 2000;

export interface WatchedRoomOptions {
  readonly roomId: string;
  readonly figures: ViewingFigures;
  readonly broadcast: (message: SpectatorMessage) => void;
  readonly now: () => Date;
}

/** A room that spectators of this process watch: what happens in public there, a few times a second in one message for all. */
export class WatchedRoom {
  readonly watchers = new Set<Watcher>();
  /** How many watch by way of other processes, as far as is known. */
  elsewhere: AudienceCount = { anonymous: 0, registered: 0 };

  private registeredHere = 0;
  private batch: PublicEvent[] = [];
  private batchTimer: NodeJS.Timeout | undefined;
  private lastSentAt = 0;
  private presenceTimer: NodeJS.Timeout | undefined;
  private presenceSentAt = 0;
  private lastPresence = '';

  constructor(private readonly options: WatchedRoomOptions) {}

  get here(): AudienceCount {
    return { anonymous: this.watchers.size - this.registeredHere, registered: this.registeredHere };
  }

  get total(): number {
    return this.watchers.size + this.elsewhere.anonymous + this.elsewhere.registered;
  }

  get presence(): SpectatorPresence {
    const { figures, roomId, now } = this.options;
    const { anonymous, registered } = this.here;
    const at = now().getTime();
    figures.counted(this.total, at);
    return {
      room_id: roomId,
      total_spectators: this.total,
      anonymous_count: anonymous + this.elsewhere.anonymous,
      registered_count: registered + this.elsewhere.registered,
      recent_peak: figures.recentPeak(at),
      join_rate: figures.joinRate(at),
    };
  }

  /** Has the event sent soon: at once after a quiet moment, otherwise together with what else comes within it. */
  add(event: PublicEvent): void {
    this.batch.push(event);
    if (this.batch.length >= MAX_BATCH) {
      this.flush();
      return;
    }
    const wait = Math.max(0, this.lastSentAt + BATCH_MS - Date.now());
    this.batchTimer ??= setTimeout(() => this.flush(), wait);
  }

  /** Sends what is waiting. */
  flush(): void {
    clearTimeout(this.batchTimer);
    this.batchTimer = undefined;
    const events = this.batch.splice(0);
    if (events.length > 0) {
      this.lastSentAt = Date.now();
      this.options.broadcast(this.activity(events));
    }
  }

  /** Sends a line its `opening`, which tells everything up to now, and lets it have all that comes after. */
  attach(line: SpectatorLine, opening: readonly SpectatorMessage[]): void {
    this.flush(); // the opening tells what was waiting
    opening.forEach((message) => line.send(message));
    line.follow();
  }

  enter(watcher: Watcher): void {
    this.watchers.add(watcher);
    this.registeredHere += watcher.isRegistered ? 1 : 0;
    this.options.figures.joined(this.options.now().getTime());
  }

  /** A watcher told who they are. */
  registered(): void {
    this.registeredHere++;
  }

  leave(watcher: Watcher): void {
    if (this.watchers.delete(watcher)) {
      this.registeredHere -= watcher.isRegistered ? 1 : 0;
    }
  }

  activity(events: readonly PublicEvent[]): SpectatorMessage {
    const now = this.options.now();
    return SpectatorMessage.of(
      'spectator.activity',
      { room_id: this.options.roomId, timestamp: now.toISOString(), events },
      now,
    );
  }

  /** Tells everybody how many watch, soon and not too often, if that has changed. `recount` brings `elsewhere` up to date. */
  schedulePresence(recount: () => Promise<void>): void {
    const wait = Math.max(0, this.presenceSentAt + PRESENCE_MS - Date.now());
    this.presenceTimer ??= setTimeout(() => {
      this.presenceSentAt = Date.now();
      this.presenceTimer = undefined;
      void recount().then(() => this.sendPresence());
    }, wait).unref();
  }

  private sendPresence(): void {
    const presence = this.presence;
    const counts = JSON.stringify([presence.anonymous_count, presence.registered_count, presence.recent_peak]);
    if (counts !== this.lastPresence && this.watchers.size > 0) {
      this.lastPresence = counts;
      this.options.broadcast(SpectatorMessage.of('spectator.presence', presence, this.options.now()));
    }
  }

  stop(): void {
    clearTimeout(this.batchTimer);
    clearTimeout(this.presenceTimer);
    this.batch = [];
  }
}
