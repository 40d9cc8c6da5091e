import { MEMBERS_PER_ROOM } from '../workload.js';
import { LatencyRecorder } from './latency-recorder.js';

const EVERYBODY = 2 ** MEMBERS_PER_ROOM - 1;

interface Entry {
  readonly dueAt: number;
  /** One bit for each member who has it. */
  has: number;
  answered: boolean;
}

/**
 * The books of one load: what was sent, who has it, who has it twice. A message is done, and its entry given up, once it is
 * answered and, unless it was refused, with every member of the room.
 */
export class Ledger {
  readonly acknowledgement = new LatencyRecorder();
  readonly delivery = new LatencyRecorder();
  readonly pacing = new LatencyRecorder();
  readonly refused: Record<string, number> = {};
  sent = 0;
  acknowledged = 0;
  delivered = 0;
  doubled = 0;
  private readonly underWay = new Map<number, Entry>();
  private readonly done: (message: number) => void;

  constructor(done: (message: number) => void) {
    this.done = done;
  }

  get unfinished(): number {
    return this.underWay.size;
  }

  /** Deliveries that messages under way still wait for. */
  get missing(): number {
    let missing = 0;
    for (const { has } of this.underWay.values()) {
      missing += MEMBERS_PER_ROOM - bitsIn(has);
    }
    return missing;
  }

  send(message: number, dueAt: number, now: number): void {
    this.sent++;
    this.pacing.record(now - dueAt);
    this.underWay.set(message, { dueAt, has: 0, answered: false });
  }

  answer(message: number, error: string | null, now: number): void {
    const entry = this.underWay.get(message);
    if (!entry || entry.answered) {
      this.refused['answered_twice'] = (this.refused['answered_twice'] ?? 0) + 1;
      return;
    }
    entry.answered = true;
    if (error !== null) {
      this.refused[error] = (this.refused[error] ?? 0) + 1;
      this.finish(message);
      return;
    }
    this.acknowledged++;
    this.acknowledgement.record(now - entry.dueAt);
    if (entry.has === EVERYBODY) {
      this.finish(message);
    }
  }

  deliver(message: number, seat: number, now: number): void {
    const entry = this.underWay.get(message);
    const bit = 1 << seat;
    if (!entry || (entry.has & bit) !== 0) {
      this.doubled++;
      return;
    }
    this.delivered++;
    entry.has |= bit;
    if (entry.has !== EVERYBODY) {
      return;
    }
    this.delivery.record(now - entry.dueAt);
    if (entry.answered) {
      this.finish(message);
    }
  }

  private finish(message: number): void {
    this.underWay.delete(message);
    this.done(message);
  }
}

function bitsIn(mask: number): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) {
    count++;
  }
  return count;
}
