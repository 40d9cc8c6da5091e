/** A full room, as the goals of the specification have it. */
export const MEMBERS_PER_ROOM = 20;

/** Somebody who has a seat in one of the rooms. */
export interface Seated {
  /** Sent at the handshake; the baselines ask for none. */
  readonly token: string;
  readonly roomId: string;
}

/** Where a client that comes back had got to. */
export interface Place {
  readonly roomId: string;
  readonly epoch: string;
  readonly lastSeq: number;
}

/** The sockets of one server, room by room: all members of the first room, then all of the second. */
export interface ConnectRequest {
  /** Sockets take turns among them. */
  readonly urls: readonly string[];
  readonly seats: readonly Seated[];
  readonly membersPerRoom: number;
  /** Connections that are under way at the same time. */
  readonly atOnce: number;
  /** Given: everybody comes back from here, and counts as back with the last entry that was missed. */
  readonly places?: readonly Place[];
  readonly missed?: number;
}

export interface Connected {
  /** From the first connection begun to the last one in its room, with all it missed. */
  readonly seconds: number;
  /** Of one connection, from its beginning to being in its room. */
  readonly joining: Latency;
  /** One for each room. */
  readonly places: readonly Place[];
}

interface Timed {
  readonly seconds: number;
}

/** A fixed number of messages under way: as soon as one is acknowledged and delivered everywhere, the next is sent. */
export interface ClosedLoop extends Timed {
  readonly kind: 'closed';
  readonly inFlight: number;
  /** What is said; a plain sentence if left out. */
  readonly text?: string;
}

/** A fixed number of messages a second, whatever becomes of them. */
export interface OpenLoop extends Timed {
  readonly kind: 'open';
  readonly perSecond: number;
}

export type Load = ClosedLoop | OpenLoop;

/** What the generator tells while it works, so that others can look at the clock at the same moments. */
export type GeneratorEvent = 'window-opened' | 'window-closed';

export interface Latency {
  readonly count: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  /** All of it: an HdrHistogram of microseconds, V2, compressed, in base64. */
  readonly histogram: string;
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
  /** Reads of the generator's sockets: how many deliveries came together. */
  readonly reads: number;
  /** Messages that were answered with an error, by its code. */
  readonly refused: Readonly<Record<string, number>>;
  /** Sockets that did not get exactly what was said in their room. */
  readonly wrong: number;
  /** Messages still under way when we stopped waiting: the server was too slow, but it was at work. */
  readonly unfinished: number;
  /** How long after the window the last of its messages was done. */
  readonly drainSeconds: number;
  /** Due to acknowledged. */
  readonly acknowledgement: Latency;
  /** Due to delivered, at the last member of the room. */
  readonly delivery: Latency;
  /** Due to sent: how well the generator kept time. Part of the other two. */
  readonly pacing: Latency;
}

/** What the product is compared with; one program, `children/baseline.ts`. */
export type Baseline =
  /** A Socket.IO server that broadcasts to a room and stores nothing. */
  | 'socket.io'
  /** A bare `ws` server that makes a frame once and hands it to each socket. */
  | 'ws'
  /** The product's own broadcaster in a server that does nothing else: for rooms of a size the product does not have. */
  | 'direct'
  /** The Socket.IO server, storing each message by a TypeORM transaction of its own before it is acknowledged. */
  | 'transaction';
