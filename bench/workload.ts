/** Full rooms, as the goals of the specification have them. */
export const ROOMS = 50;
export const MEMBERS_PER_ROOM = 20;

/** Somebody who has a seat in one of the rooms. */
export interface Seated {
  /** Sent at the handshake; the bare server asks for none. */
  readonly token: string;
  readonly roomId: string;
}

/** The sockets of one server, room by room: member `m` of room `r` is number `r * MEMBERS_PER_ROOM + m`. */
export interface ConnectRequest {
  readonly url: string;
  readonly seats: readonly Seated[];
}

interface Timed {
  readonly seconds: number;
}

/** A fixed number of messages under way: as soon as one is acknowledged and delivered everywhere, the next is sent. */
export interface ClosedLoop extends Timed {
  readonly kind: 'closed';
  readonly inFlight: number;
}

/** A fixed number of messages a second, whatever becomes of them. */
export interface OpenLoop extends Timed {
  readonly kind: 'open';
  readonly perSecond: number;
}

export type Load = ClosedLoop | OpenLoop;

/** What the generator tells while it works, so that others can look at the clock at the same moments. */
export type GeneratorEvent = 'window-opened' | 'window-closed';

/** Milliseconds at a percentile. */
export type PercentileList = readonly (readonly [percentile: number, milliseconds: number])[];

export interface Latency {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  readonly percentiles: PercentileList;
}

/** What one load did. Latencies start when a message was due, not when it got sent. */
export interface LoadResult {
  readonly load: Load;
  readonly windowSeconds: number;
  readonly acknowledgedPerSecond: number;
  readonly deliveriesPerSecond: number;
  readonly sent: number;
  readonly acknowledged: number;
  readonly delivered: number;
  /** Messages that were answered with an error, by its code. */
  readonly refused: Readonly<Record<string, number>>;
  /** Deliveries that never came, though the server had long gone quiet. */
  readonly lost: number;
  /** Deliveries that came twice to the same member. */
  readonly doubled: number;
  /** Messages still under way when we stopped waiting: the server was too slow, but it was at work. */
  readonly unfinished: number;
  /** How long after the window the last of its messages was done. */
  readonly drainSeconds: number;
  /** Due to acknowledged. */
  readonly acknowledgement: Latency;
  /** Due to delivered at the last member of the room. */
  readonly delivery: Latency;
  /** Due to sent: how well the generator kept time. Part of the other two. */
  readonly pacing: Latency;
}
