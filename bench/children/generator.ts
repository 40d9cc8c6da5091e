// The load, in a process of its own: holds every member's socket, sends, and counts what comes back.
import { setTimeout as sleep } from 'node:timers/promises';
import type {
  ClosedLoop,
  Connected,
  ConnectRequest,
  GeneratorEvent,
  Load,
  LoadResult,
  OpenLoop,
  Place,
} from '../workload.js';
import { Books } from './books.js';
import { LatencyRecorder } from './latency-recorder.js';
import { MemberSocket } from './member-socket.js';

/** As the baselines say it: about 300 bytes a message on the wire, with what goes around it. */
const TEXT = 'I have looked at the failing test; the room hands out its number before the commit.';
/** Somebody who has heard nothing for this long will not hear any more. */
const QUIET_MS = 10_000;
const DRAIN_MS = 60_000;
const POLL_MS = 5;

let sockets: readonly MemberSocket[] = [];
let membersPerRoom = 1;
let books = new Books(0, 1, () => undefined);
let lastHeard = 0;
let closed: string[] = [];
let lastMessage = 0;
/** One look at the clock serves all frames of one read. */
let now = 0;

const ear = {
  read() {
    now = performance.now();
    lastHeard = now;
    books.reads++;
  },
  acknowledged(message: number, error: string | null) {
    books.answer(message, error, now);
  },
  delivered(message: number, member: number) {
    books.deliver(message, member, now);
  },
  closed(member: number, reason: string) {
    closed.push(`member ${member}: ${reason}`);
  },
};

/** Opens all sockets, some at a time. */
async function connect(request: ConnectRequest): Promise<Connected> {
  const { urls, seats, atOnce, places: from, missed } = request;
  membersPerRoom = request.membersPerRoom;
  const joined: MemberSocket[] = [];
  const places: Place[] = [];
  const joining = new LatencyRecorder();
  const waiting = seats.entries();
  const started = performance.now();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const [number, { token, roomId }] of waiting) {
        const room = Math.floor(number / membersPerRoom);
        const began = performance.now();
        const url = urls[number % urls.length] ?? '';
        const { member, arrival } = await MemberSocket.join(url, token, roomId, number, ear, from?.[room], missed);
        joining.record(performance.now() - began);
        joined[number] = member;
        places[room] = { roomId, epoch: arrival.epoch, lastSeq: arrival.seq };
      }
    }),
  );
  sockets = joined;
  closed = [];
  return { seconds: (performance.now() - started) / 1000, joining: joining.read(), places };
}

function disconnect(): void {
  sockets.forEach((socket) => socket.close());
  sockets = [];
}

/** Rooms take turns, and so do the members within each. */
function send(dueAt: number, text = TEXT): void {
  const rooms = sockets.length / membersPerRoom;
  const message = ++lastMessage;
  const [room, turn] = [message % rooms, Math.floor(message / rooms)];
  const sentAt = performance.now();
  books.send(message, room, dueAt, sentAt);
  sockets[room * membersPerRoom + (turn % membersPerRoom)]?.say(message, text);
}

async function measure(load: Load): Promise<LoadResult> {
  const run = load.kind === 'closed' ? await runClosed(load) : await runOpen(load);
  const drainStarted = performance.now();
  lastHeard = drainStarted;
  while (books.unfinished > 0 && isWorthWaiting(drainStarted)) {
    await sleep(POLL_MS);
  }
  if (closed.length > 0) {
    throw new Error(`${closed.length} sockets did not stay open: ${closed.slice(0, 3).join(', ')}`);
  }
  const wasStillAtWork = performance.now() - lastHeard < QUIET_MS;
  return {
    load,
    ...run,
    sent: books.sent,
    acknowledged: books.acknowledged,
    delivered: books.delivered,
    reads: books.reads,
    refused: books.refused,
    wrong: books.unfinished > 0 && wasStillAtWork ? 0 : books.wrong,
    unfinished: books.unfinished,
    drainSeconds: (performance.now() - drainStarted) / 1000,
    acknowledgement: books.acknowledgement.read(),
    delivery: books.delivery.read(),
    pacing: books.pacing.read(),
  };
}

const isWorthWaiting = (since: number): boolean =>
  performance.now() - since < DRAIN_MS && performance.now() - lastHeard < QUIET_MS;

type Window = Pick<LoadResult, 'windowSeconds' | 'acknowledgedPerSecond' | 'deliveriesPerSecond'>;

async function runClosed({ inFlight, seconds, text }: ClosedLoop): Promise<Window> {
  let isOpen = true;
  books = new Books(sockets.length, membersPerRoom, () => {
    if (isOpen) {
      send(performance.now(), text);
    }
  });
  for (let index = 0; index < inFlight; index++) {
    send(performance.now(), text);
  }
  const close = openWindow();
  await sleep(seconds * 1000);
  isOpen = false;
  return close();
}

async function runOpen({ perSecond, seconds }: OpenLoop): Promise<Window> {
  books = new Books(sockets.length, membersPerRoom, () => undefined);
  const close = openWindow();
  const started = performance.now();
  const total = perSecond * seconds;
  for (let sent = 0; sent < total;) {
    for (const at = performance.now(); sent < total && started + (sent * 1000) / perSecond <= at; sent++) {
      send(started + (sent * 1000) / perSecond);
    }
    await sleep(1);
  }
  return close();
}

/** What happens from now until the returned function is called counts for the rates. */
function openWindow(): () => Window {
  const [acknowledged, delivered, started] = [books.acknowledged, books.delivered, performance.now()];
  process.send?.({ event: 'window-opened' satisfies GeneratorEvent });
  return () => {
    const windowSeconds = (performance.now() - started) / 1000;
    process.send?.({ event: 'window-closed' satisfies GeneratorEvent });
    return {
      windowSeconds,
      acknowledgedPerSecond: (books.acknowledged - acknowledged) / windowSeconds,
      deliveriesPerSecond: (books.delivered - delivered) / windowSeconds,
    };
  };
}

const commands: Readonly<Record<string, (argument: unknown) => unknown>> = {
  connect: (request) => connect(request as ConnectRequest),
  measure: (load) => measure(load as Load),
  disconnect,
};

process.on('message', ({ id, name, argument }: { id: number; name: string; argument: unknown }) => {
  const command = commands[name];
  if (command) {
    void Promise.resolve()
      .then(() => command(argument))
      .then(
        (result) => process.send?.({ id, result }),
        (error: unknown) => process.send?.({ id, error: String(error) }),
      );
  }
});
process.once('SIGTERM', () => process.exit(0));
console.log('ready: generator');
