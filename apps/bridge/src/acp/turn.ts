import { setTimeout as delay } from 'node:timers/promises';
import type { StopReason } from '@agentclientprotocol/sdk';
import type { AcpAgent } from './acp-agent.js';
import type { TurnClock } from './turn-clock.js';

/** How a turn came to its end. */
export type TurnEnd =
  { readonly kind: 'ended'; readonly stopReason: StopReason } | { readonly kind: 'hung'; readonly why: string };

/**
 * One turn of the agent. Ends early when the clock runs out, and rejects with the signal's reason when that is aborted; in both cases
 * the agent was asked to stop and had `cancelGraceMs` to do so. Whether it did is for the caller to make sure.
 */
export async function runTurn(
  agent: AcpAgent,
  { sessionId, text }: { readonly sessionId: string; readonly text: string },
  {
    clock,
    signal,
    cancelGraceMs,
  }: { readonly clock: TurnClock; readonly signal: AbortSignal; readonly cancelGraceMs: number },
): Promise<TurnEnd> {
  signal.throwIfAborted();
  const turn = agent.prompt(sessionId, text);
  turn.catch(() => undefined); // it may be overtaken
  const stop = async (): Promise<void> => {
    await agent.cancel(sessionId);
    await Promise.race([turn.catch(() => undefined), delay(cancelGraceMs, undefined, { ref: false })]);
  };
  const aborted = new Promise<'aborted'>((resolve) =>
    signal.addEventListener('abort', () => resolve('aborted'), { once: true }),
  );
  const first = await Promise.race([turn.then((stopReason) => ({ stopReason })), clock.start(), aborted]).finally(() =>
    clock.stop(),
  );
  if (first === 'aborted') {
    await stop();
    throw signal.reason;
  }
  if (typeof first === 'string') {
    await stop();
    return { kind: 'hung', why: first };
  }
  return { kind: 'ended', stopReason: first.stopReason };
}
