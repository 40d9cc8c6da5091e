import type { HttpAdapterHost } from '@nestjs/core';
import { sliceOf, SLICE_MS, SocketDrain } from './socket-drain.js';
import type { SocketServers } from './socket-servers.js';

describe('A process that stops', () => {
  it('lets go of its members a slice at a time, and does not wait after the last', async () => {
    const started = performance.now();
    const times: number[] = [];
    const socket = { disconnect: () => times.push(performance.now() - started) };
    const servers = { socketsHere: () => Promise.resolve(Array.from({ length: 60 }, () => socket)) };
    await new SocketDrain(servers as unknown as SocketServers, {} as HttpAdapterHost).beforeApplicationShutdown();
    const done = performance.now() - started;

    const early = SLICE_MS * 0.9; // timers may be a moment early
    expect(times).toHaveLength(60);
    expect(times[25]! - times[24]!).toBeGreaterThan(early);
    expect(times[50]! - times[49]!).toBeGreaterThan(early);
    expect(done - times[59]!).toBeLessThan(early);
  });

  it('lets go of so many at a time as others take in at ease, and of any number within five seconds', () => {
    expect(sliceOf(10)).toBe(25);
    expect(sliceOf(1000)).toBe(25);
    expect((20_000 / sliceOf(20_000)) * SLICE_MS).toBeLessThanOrEqual(5000);
  });
});
