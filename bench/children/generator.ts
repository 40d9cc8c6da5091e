// The load, in a process of its own: holds every member's socket, sends, and counts what comes back.
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type ClosedLoop,
  type ConnectRequest,
  type GeneratorEvent,
  type Load,
  type LoadResult,
  MEMBERS_PER_ROOM,
  type OpenLoop,
  ROOMS,
} from '../workload.js';
import { Ledger } from './ledger.js';
import { MemberSocket } from './member-socket.js';

const CONNECTING_AT_ONCE = 25;
const TEXT = 'I have looked at the failing test; the room hands out its number before the commit.';
/** Somebody who has heard nothing for this long will not hear any more. */
const QUIET_MS = 10_000;
const DRAIN_MS = 120_000;
const POLL_MS = 5;

let sockets: readonly MemberSocket[] = [];
let ledger = new Ledger(() => undefined);
let lastHeard = 0;
let closed: string[] = [];
let lastMessage = 0;

const ear = {
  acknowledged(message: number, error: string | null) {
    lastHeard = performance.now();
    ledger.answer(message, error, lastHeard);
  },
  delivered(message: number, member: number) {
    lastHeard = performance.now();
    ledger.deliver(message, member % MEMBERS_PER_ROOM, lastHeard);
  },
  closed(member: number, code: number) {
    closed.push(`member ${member} was cut off with ${code}`);
  },
};

/** Opens all sockets, a few at a time. */
async function connect({ url, seats }: ConnectRequest): Promise<void> {
  const joined: MemberSocket[] = [];
  const waiting = seats.entries();
  await Promise.all(
    Array.from({ length: CONNECTING_AT_ONCE }, async () => {
      for (const [number, { token, roomId }] of waiting) {
        joined[number] = await MemberSocket.join(url, token, roomId, number, ear);
      }
    }),
  );
  sockets = joined;
  closed = [];
}

function disconnect(): void {
  sockets.forEach((socket) => socket.close());
  sockets = [];
}

/** Rooms take turns, and so do the members within each. */
function send(dueAt: number): void {
  const message = ++lastMessage;
  const [room, turn] = [message % ROOMS, Math.floor(message / ROOMS)];
  const now = performance.now();
  ledger.send(message, dueAt, now);
  sockets[room * MEMBERS_PER_ROOM + (turn % MEMBERS_PER_ROOM)]?.say(message, TEXT);
}

async function measure(load: Load): Promise<LoadResult> {
  const run = load.kind === 'closed' ? await runClosed(load) : await runOpen(load);
  const drainStarted = performance.now();
  lastHeard = drainStarted;
  while (ledger.unfinished > 0 && isWorthWaiting(drainStarted)) {
    await sleep(POLL_MS);
  }
  if (closed.length > 0) {
    throw new Error(`${closed.length} sockets did not stay open: ${closed.slice(0, 3).join(', ')}`);
  }
  const wasStillAtWork = performance.now() - lastHeard < QUIET_MS;
  return {
    load,
    ...run,
    sent: ledger.sent,
    acknowledged: ledger.acknowledged,
    delivered: ledger.delivered,
    refused: ledger.refused,
    lost: wasStillAtWork ? 0 : ledger.missing,
    doubled: ledger.doubled,
    unfinished: ledger.unfinished,
    drainSeconds: (performance.now() - drainStarted) / 1000,
    acknowledgement: ledger.acknowledgement.read(),
    delivery: ledger.delivery.read(),
    pacing: ledger.pacing.read(),
  };
}

const isWorthWaiting = (since: number): boolean =>
  performance.now() - since < DRAIN_MS && performance.now() - lastHeard < QUIET_MS;

type Window = Pick<LoadResult, 'windowSeconds' | 'acknowledgedPerSecond' | 'deliveriesPerSecond'>;

async function runClosed({ inFlight, seconds }: ClosedLoop): Promise<Window> {
  let isOpen = true;
  ledger = new Ledger(() => {
    if (isOpen) {
      send(performance.now());
    }
  });
  for (let index = 0; index < inFlight; index++) {
    send(performance.now());
  }
  const close = openWindow();
  await sleep(seconds * 1000);
  isOpen = false;
  return close();
}

async function runOpen({ perSecond, seconds }: OpenLoop): Promise<Window> {
  ledger = new Ledger(() => undefined);
  const close = openWindow();
  const started = performance.now();
  const total = perSecond * seconds;
  for (let sent = 0; sent < total;) {
    for (const now = performance.now(); sent < total && started + (sent * 1000) / perSecond <= now; sent++) {
      send(started + (sent * 1000) / perSecond);
    }
    await sleep(1);
  }
  return close();
}

/** What happens from now until the returned function is called counts for the rates. */
function openWindow(): () => Window {
  const [acknowledged, delivered, started] = [ledger.acknowledged, ledger.delivered, performance.now()];
  process.send?.({ event: 'window-opened' satisfies GeneratorEvent });
  return () => {
    const windowSeconds = (performance.now() - started) / 1000;
    process.send?.({ event: 'window-closed' satisfies GeneratorEvent });
    return {
      windowSeconds,
      acknowledgedPerSecond: (ledger.acknowledged - acknowledged) / windowSeconds,
      deliveriesPerSecond: (ledger.delivered - delivered) / windowSeconds,
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
