import { once } from 'node:events';
import { formatTarget, type Target } from './domain/target.js';
import type { Place } from './mouth.js';

/** How long to wait until OpenClaw has said whether it takes a message up or has done so before. */
const UNDECIDED_MS = 15_000;

/** How long an answer may take that OpenClaw gives by itself after a restart. It begins with it some seconds after it has started. */
const RESUMED_WITHIN_MS = 90_000;

interface Asked {
  readonly messageId: string;
  readonly place: Place;
  readonly isAnswered: Promise<void>;
  answered(): void;
  readonly isResumed: Promise<boolean>;
  /** What OpenClaw calls the sending of the answer, once it has. */
  queueId: string | null;
}

interface Told {
  decide(isResumed: boolean): void;
  answered(): void;
}

/** A message that OpenClaw was at when it was killed, and answers by itself. */
export type Resumption = Pick<Asked, 'messageId' | 'place' | 'answered'>;

/**
 * Which message was told last in each conversation, and whether OpenClaw had taken it up before it was killed. Then its answer comes by
 * another way than the answers of turns; it has to get the same id all the same, for it may have been posted before the end.
 */
export class Resumptions {
  private readonly asked = new Map<string, Asked>();

  /** A message is told. Answers how to say whether it was taken up before, and that it is answered. */
  tell(target: Target, messageId: string, place: Place): Told {
    const resumed = Promise.withResolvers<boolean>();
    const answer = Promise.withResolvers<void>();
    this.asked.set(formatTarget(target), {
      ...{ messageId, place, queueId: null },
      ...{ isResumed: resumed.promise, isAnswered: answer.promise, answered: answer.resolve },
    });
    return { decide: resumed.resolve, answered: answer.resolve };
  }

  /** Waits for the answer that OpenClaw gives by itself. False if it gave none in time. */
  async isAnswered(target: Target, signal: AbortSignal): Promise<boolean> {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(RESUMED_WITHIN_MS)]);
    const end = once(limit, 'abort').then(() => false);
    const answered = this.asked.get(formatTarget(target))?.isAnswered.then(() => true);
    return limit.aborted ? false : Promise.race([end, answered ?? false]);
  }

  /** The message that a sending of OpenClaw's own answers; null if it is about something else. */
  async answeredBy(target: Target, queueId: string): Promise<Resumption | null> {
    const asked = await this.resumed(target);
    if (!asked || (asked.queueId ?? queueId) !== queueId) {
      return null;
    }
    asked.queueId = queueId;
    return asked;
  }

  /** Whether OpenClaw is at an answer of its own: what it sends then without a name for it is only its notice that it is. */
  async isUnderWay(target: Target): Promise<boolean> {
    const asked = await this.resumed(target);
    return asked !== null && asked.queueId === null;
  }

  private async resumed(target: Target): Promise<Asked | null> {
    const asked = this.asked.get(formatTarget(target));
    if (!asked) {
      return null;
    }
    let patience: NodeJS.Timeout | undefined;
    const limit = new Promise<boolean>((resolve) => {
      patience = setTimeout(() => resolve(false), UNDECIDED_MS);
    });
    const isResumed = await Promise.race([asked.isResumed, limit]);
    clearTimeout(patience);
    return isResumed ? asked : null;
  }
}
