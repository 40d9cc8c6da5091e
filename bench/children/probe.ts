// Loaded before the program of every child: tells over IPC what the process uses, and ends it when the harness is gone.
import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';

/** Totals since the process began, and the event loop since the last look. */
export interface Usage {
  readonly atMs: number;
  readonly cpuMs: number;
  readonly residentBytes: number;
  readonly heapBytes: number;
  /** How late the event loop was, in milliseconds. */
  readonly lag: { readonly p50: number; readonly p99: number; readonly max: number };
}

const LAG_RESOLUTION_MS = 10;
const PROFILE_SAMPLE_US = 500;

const lag = monitorEventLoopDelay({ resolution: LAG_RESOLUTION_MS });
lag.enable();
const inspector = new Session();

const answers: Readonly<Record<string, (argument: unknown) => unknown>> = {
  'probe.usage': usage,
  'probe.settled': settled,
  'probe.start-profile': startProfile,
  'probe.save-profile': (file) => saveProfile(file as string),
};

process.on('message', ({ id, name, argument }: { id: number; name: string; argument: unknown }) => {
  const answer = answers[name];
  if (answer) {
    void Promise.resolve(answer(argument)).then(
      (result) => process.send?.({ id, result }),
      (error: unknown) => process.send?.({ id, error: String(error) }),
    );
  }
});
process.on('disconnect', () => setTimeout(() => process.exit(1), 5000).unref());

function usage(): Usage {
  const { user, system } = process.cpuUsage();
  const late = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - LAG_RESOLUTION_MS);
  const result = {
    atMs: performance.now(),
    cpuMs: (user + system) / 1000,
    residentBytes: process.memoryUsage.rss(),
    heapBytes: process.memoryUsage().heapUsed,
    lag: { p50: late(lag.percentile(50)), p99: late(lag.percentile(99)), max: late(lag.max) },
  };
  lag.reset();
  return result;
}

/** Asked twice, the collector also gives back what finalizers held. */
async function settled(): Promise<Usage> {
  for (let round = 0; round < 3; round++) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return usage();
}

async function startProfile(): Promise<void> {
  inspector.connect();
  await inspector.post('Profiler.enable');
  await inspector.post('Profiler.setSamplingInterval', { interval: PROFILE_SAMPLE_US });
  await inspector.post('Profiler.start');
}

async function saveProfile(file: string): Promise<void> {
  const { profile } = await inspector.post('Profiler.stop');
  writeFileSync(file, JSON.stringify(profile));
  inspector.disconnect();
}
