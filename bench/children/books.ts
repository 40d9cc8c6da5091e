import { LatencyRecorder } from './latency-recorder.js';

/** Messages that may be under way at once; their numbers go round in it. */
const PLACES = 1 << 19;

/**
 * The books of one load: what was sent, how many of the room have it, what each socket has got. A message is done once it is
 * answered and with every member of the room. That nobody got one twice while another went missing is settled at the end, by
 * counts and sums of what each socket was sent and what its room was.
 */
export class Books {
  readonly acknowledgement = new LatencyRecorder();
  readonly delivery = new LatencyRecorder();
  readonly pacing = new LatencyRecorder();
  readonly refused: Record<string, number> = {};
  sent = 0;
  acknowledged = 0;
  delivered = 0;
  reads = 0;
  unfinished = 0;
  private readonly dueAt = new Float64Array(PLACES);
  /** Deliveries and the one acknowledgement that are still to come. */
  private readonly missing = new Int32Array(PLACES);
  private readonly said: { count: Float64Array; sum: Float64Array };
  private readonly heard: { count: Float64Array; sum: Float64Array };
  private readonly membersPerRoom: number;
  private readonly done: () => void;

  constructor(sockets: number, membersPerRoom: number, done: () => void) {
    const rooms = Math.ceil(sockets / membersPerRoom);
    this.said = { count: new Float64Array(rooms), sum: new Float64Array(rooms) };
    this.heard = { count: new Float64Array(sockets), sum: new Float64Array(sockets) };
    this.membersPerRoom = membersPerRoom;
    this.done = done;
  }

  send(message: number, room: number, dueAt: number, now: number): void {
    const place = message % PLACES;
    this.sent++;
    this.unfinished++;
    this.pacing.record(now - dueAt);
    this.dueAt[place] = dueAt;
    this.missing[place] = this.membersPerRoom + 1;
    add(this.said, room, message);
  }

  answer(message: number, error: string | null, now: number): void {
    if (error !== null) {
      this.refused[error] = (this.refused[error] ?? 0) + 1;
      return;
    }
    this.acknowledged++;
    this.acknowledgement.record(now - (this.dueAt[message % PLACES] ?? 0));
    this.settle(message % PLACES);
  }

  deliver(message: number, socket: number, now: number): void {
    const place = message % PLACES;
    this.delivered++;
    add(this.heard, socket, message);
    // One is left for the acknowledgement, unless that came first.
    if (this.missing[place] === 2) {
      this.delivery.record(now - (this.dueAt[place] ?? 0));
    }
    this.settle(place);
  }

  /** Sockets that did not get each message of their room once. */
  get wrong(): number {
    return this.heard.count.reduce((wrong, count, socket) => {
      const room = Math.floor(socket / this.membersPerRoom);
      const isRight = count === this.said.count[room] && this.heard.sum[socket] === this.said.sum[room];
      return wrong + (isRight ? 0 : 1);
    }, 0);
  }

  private settle(place: number): void {
    const left = (this.missing[place] ?? 0) - 1;
    this.missing[place] = left;
    if (left === 0) {
      this.unfinished--;
      this.done();
    }
  }
}

function add({ count, sum }: { count: Float64Array; sum: Float64Array }, index: number, message: number): void {
  count[index] = (count[index] ?? 0) + 1;
  sum[index] = (sum[index] ?? 0) + message;
}
