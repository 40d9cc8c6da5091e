// Loaded before the server: says over IPC what the process holds once its garbage is collected, and what it died of.
import { writeSync } from 'node:fs';

const STDERR = 2;

process.on('message', (message) => {
  if (message === 'memory') {
    globalThis.gc?.();
    const { rss, heapUsed, external, arrayBuffers } = process.memoryUsage();
    process.send?.({ resident: rss, heap: heapUsed, external: external + arrayBuffers });
  }
});
process.channel?.unref();

// A log that is written a moment later would be lost.
process.on('uncaughtExceptionMonitor', (error) => writeSync(STDERR, `${error?.stack ?? error}\n`));
