import * as hdr from 'hdr-histogram-js';
import type { Latency } from '../workload.js';

const HIGHEST_US = 600_000_000;

/** Latencies to three significant digits, up to ten minutes. */
export class LatencyRecorder {
  private readonly histogram = hdr.build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: HIGHEST_US,
    numberOfSignificantValueDigits: 3,
  });

  record(milliseconds: number): void {
    this.histogram.recordValue(Math.min(HIGHEST_US, Math.max(1, Math.round(milliseconds * 1000))));
  }

  read(): Latency {
    const at = (percentile: number) =>
      this.histogram.totalCount === 0 ? 0 : this.histogram.getValueAtPercentile(percentile) / 1000;
    return {
      count: this.histogram.totalCount,
      p50: at(50),
      p99: at(99),
      max: at(100),
      histogram: hdr.encodeIntoCompressedBase64(this.histogram),
    };
  }
}
