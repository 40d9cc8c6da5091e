const LARGE_BYTES = 8192;

/** Somebody for whom frames are waiting. */
export interface Receiver {
  readonly frames: readonly Buffer[];
  /** Sends what was waiting, as one piece. */
  write(bytes: Buffer): void;
  /** Sends what was waiting by one system call, piece by piece. */
  writeEach(frames: readonly Buffer[]): void;
}

/**
 * What one turn of the event loop has for all sockets of a server. At the end of the turn each receiver gets all of it by one
 * write, so that a busy server, whose turns are long, needs fewer system calls for each message.
 */
export class Outgoing {
  private waiting: Receiver[] = [];

  /** To be called when the first frame begins to wait. */
  add(receiver: Receiver): void {
    if (this.waiting.length === 0) {
      setImmediate(() => this.flush());
    }
    this.waiting.push(receiver);
  }

  private flush(): void {
    const { waiting } = this;
    this.waiting = [];
    let [last, merged]: [readonly Buffer[], Buffer | undefined] = [[], undefined];
    for (const receiver of waiting) {
      const { frames } = receiver;
      if (frames.length === 0) {
        continue; // sent meanwhile, because the connection was closed
      }
      if (frames.length > 1 && frames.some(isLarge)) {
        receiver.writeEach(frames);
        continue;
      }
      // Members of one room mostly wait for the very same frames.
      if (!merged || !isSame(frames, last)) {
        [last, merged] = [frames, mergeFrames(frames)];
      }
      receiver.write(merged);
    }
  }
}

/** A snapshot, say: shared with others, while what goes with it is not. A copy for each would cost more than it saves. */
const isLarge = ({ length }: Buffer): boolean => length > LARGE_BYTES;

/** The frames one after the other, as one piece. */
export const mergeFrames = (frames: readonly Buffer[]): Buffer =>
  frames.length === 1 && frames[0] ? frames[0] : Buffer.concat(frames);

const isSame = (frames: readonly Buffer[], others: readonly Buffer[]): boolean =>
  frames.length === others.length && frames.every((frame, index) => frame === others[index]);
