import type { Actor, ChatMessage, RoomEvent } from '@clawtank/contracts';
import type { LogEntry } from '../../rooms/index.js';
import { type Concern, concernOf, type Listener } from '../domain/addressed.js';
import { type Place, placeAt, type Places } from '../domain/cursor.js';

/** As much as a model reads at once; the next wait tells the rest. */
const MOST_TOLD = 50;

/** Something that was addressed to an agent, and where and when it happened. */
export interface Heard extends Concern {
  readonly roomId: string;
  readonly seq: number;
  readonly at: string;
  readonly actor: Actor;
}

/** What a wait came to: what was addressed to the agent, and how far every room was read for it. */
export interface Outcome {
  readonly heard: readonly Heard[];
  readonly places: Places;
  /** Rooms in which more happened than is told one by one; what waits in them is among what was heard. */
  readonly missedIn: readonly string[];
}

/** What may have been addressed to the agent. */
interface Candidate {
  readonly roomId: string;
  readonly event: RoomEvent;
  readonly concern: Concern | 'perhaps_answer';
}

/** Whether a message answers something that the agent said. */
type AnswersAgent = (message: ChatMessage) => Promise<boolean>;

/** An agent that waits: how far it has read each room, and what was addressed to it on the way. */
export class Wait {
  private readonly places: Map<string, Place>;
  private readonly missedIn = new Set<string>();
  private readonly lostRooms = new Set<string>();
  private readonly heard: Heard[] = [];
  private candidates: Candidate[] = [];
  /** Counts what may have been addressed to the agent. */
  private found = 0;
  private isCutShort = false;
  private news = Promise.withResolvers<void>();

  constructor(
    readonly agent: Listener,
    /** Null if it waits for whatever happens in any of its rooms. */
    readonly roomId: string | null,
    places: Places,
    private readonly answersAgent: AnswersAgent,
  ) {
    this.places = new Map(places);
  }

  /**
   * Takes what came in a room after what it was given before. Nothing of what comes after the agent lost its seat is for it, and what
   * is too much for one answer is left to the next wait.
   */
  take(roomId: string, epoch: string, entries: readonly LogEntry[]): void {
    for (const { event } of entries) {
      if (this.found >= MOST_TOLD || this.lostRooms.has(roomId)) {
        break;
      }
      const concern = concernOf(this.agent, event);
      if (concern) {
        this.candidates.push({ roomId, event, concern });
        this.found++;
      }
      this.places.set(roomId, placeAt(epoch, event.seq));
      if (concern !== 'perhaps_answer' && concern?.kind === 'seat_lost') {
        this.lostRooms.add(roomId);
        this.places.delete(roomId);
      }
    }
    this.wakeIfAnything();
  }

  /** Begins a room at a place, with what waits there instead of what came before. */
  begin(roomId: string, place: Place, waiting: readonly Heard[], hasMissed: boolean): void {
    this.places.set(roomId, place);
    this.heard.push(...waiting);
    if (hasMissed) {
      this.missedIn.add(roomId);
    }
    this.wakeIfAnything();
  }

  /** Forgets a room in which the agent has no seat, and tells it so. */
  lose(roomId: string, told: Heard): void {
    this.places.delete(roomId);
    this.heard.push(told);
    this.wakeIfAnything();
  }

  /** Ends the wait with whatever was heard so far: something changed that only a new one can see. */
  cutShort(): void {
    this.isCutShort = true;
    this.news.resolve();
  }

  /** Resolves as soon as there is something to tell, or with nothing once `end` is aborted. What is told is just what the places say was read. */
  async until(end: AbortSignal): Promise<Outcome> {
    const ended = new Promise<void>((resolve) => {
      end.addEventListener('abort', () => resolve(), { once: true });
    });
    for (;;) {
      await this.settleCandidates();
      if (this.candidates.length > 0) {
        continue; // they came in this very moment
      }
      if (this.hasSomething || this.found >= MOST_TOLD || this.isCutShort || end.aborted) {
        return { heard: [...this.heard], places: new Map(this.places), missedIn: [...this.missedIn] };
      }
      await Promise.race([this.news.promise, ended]);
    }
  }

  private async settleCandidates(): Promise<void> {
    this.news = Promise.withResolvers();
    const candidates = this.candidates;
    this.candidates = [];
    const settled = await Promise.all(candidates.map((candidate) => this.settle(candidate)));
    this.heard.push(...settled.filter((heard) => heard !== null));
  }

  private async settle({ roomId, event, concern }: Candidate): Promise<Heard | null> {
    const where = { roomId, seq: event.seq, at: event.timestamp, actor: event.actor };
    if (concern !== 'perhaps_answer') {
      return { ...concern, ...where };
    }
    const message = event.type === 'chat.message' ? event.data.message : null;
    return message && (await this.answersAgent(message)) ? { kind: 'answer', message, ...where } : null;
  }

  private get hasSomething(): boolean {
    return this.heard.length > 0 || this.missedIn.size > 0;
  }

  private wakeIfAnything(): void {
    if (this.candidates.length > 0 || this.hasSomething) {
      this.news.resolve();
    }
  }
}
