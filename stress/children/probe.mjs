// Loaded before the server: says over IPC what the process holds once its garbage is collected, and what it died of.
import { writeSync } from 'node:fs';

const STDERR = 2;

process.on('message', (message) => {
  if (message === 'memory') {
    globalThis.gc?.();
    setImmediate(() => {
      globalThis.gc?.(); // what the first collection has only marked as free
      const { rss, heapUsed, external } = process.memoryUsage();
      process.send?.({ resident: rss, heap: heapUsed, external });
    });
  }
});
process.channel?.unref();

// A log that is written a moment later would be lost.
process.on('uncaughtExceptionMonitor', (error) => writeSync(STDERR, `${error?.stack ?? error}\n`));
