/** Running totals of a process at one moment. */
export interface Totals {
  readonly atMs: number;
  readonly messages: number;
  /** REST requests and socket commands answered, how long that took together, and how many failed on our side. */
  readonly answers: number;
  readonly answerSeconds: number;
  readonly failures: number;
  readonly cpuSeconds: number;
}

export interface Rates {
  /** A second. */
  readonly messageRate: number;
  /** Milliseconds. */
  readonly avgResponseTime: number;
  /** 0 to 1. */
  readonly errorRate: number;
  /** Cores. */
  readonly cpuUsage: number;
}

/** What happened between two moments, as rates; nothing at all is zero. */
export function ratesBetween(earlier: Totals, later: Totals): Rates {
  const seconds = (later.atMs - earlier.atMs) / 1000;
  const answers = later.answers - earlier.answers;
  return {
    messageRate: ratio(later.messages - earlier.messages, seconds),
    avgResponseTime: ratio(later.answerSeconds - earlier.answerSeconds, answers) * 1000,
    errorRate: ratio(later.failures - earlier.failures, answers),
    cpuUsage: ratio(later.cpuSeconds - earlier.cpuSeconds, seconds),
  };
}

const ratio = (part: number, whole: number): number => (whole > 0 ? part / whole : 0);
