import { describe, expect, it, jest } from '@jest/globals';
import type { ResolveApproval } from 'openclaw/plugin-sdk/approval-gateway-runtime';
import type { AgentLine } from './agent-line.js';
import { approvalsOf } from './approvals.js';

const ROOM = '00000000-0000-4000-8000-00000000000a';
const TASK = '00000000-0000-4000-8000-00000000000b';
const OTHER = '00000000-0000-4000-8000-00000000000c';
const IN_TASK = `agent:main:clawtank:channel:task:${ROOM}:${TASK}`;

type Decision = 'approved' | 'rejected' | null;

/** A gateway with one agent that has one task in hand; `decided` is what comes of asking in the room. */
function gateway(decided: Decision | Promise<Decision>, resolve = jest.fn<ResolveApproval>(async () => undefined)) {
  const asked: unknown[] = [];
  const settled: string[] = [];
  const task = {
    ask: async (id: string, step: unknown) => {
      asked.push([id, step]);
      return decided;
    },
    settled: (id: string) => settled.push(id),
  };
  const line = { desk: { inHand: (id: string) => (id === TASK ? task : null) }, report: jest.fn() };
  const lines = new Map([['default', line as unknown as AgentLine]]);
  return { ...{ asked, settled, resolve, line }, capability: approvalsOf(() => lines, resolve) };
}

const request = (sessionKey: string | null = IN_TASK) => ({
  ...{ cfg: {}, accountId: 'default', approvalKind: 'exec' as const },
  request: { id: 'a1', request: { sessionKey } },
});
const STEP = { approvalId: 'openclaw:a1', kind: 'execute' as const, title: 'Run it', detail: 'it' };
const delivered = (sessionKey = IN_TASK) => ({ ...request(sessionKey), pendingPayload: STEP });
const soon = () => new Promise((resolve) => setTimeout(resolve, 5));

describe('what OpenClaw asks leave for', () => {
  it('is asked in the room of the task in the middle of which it is asked', () => {
    const { native, nativeRuntime } = gateway('approved').capability;
    expect(nativeRuntime.availability.shouldHandle(request())).toBe(true);
    expect(native.resolveOriginTarget(request())).toEqual({ to: `task:${ROOM}:${TASK}` });
  });

  it.each([
    ['in a room', `agent:main:clawtank:channel:room:${ROOM}`],
    ['in a direct conversation', `agent:main:clawtank:channel:direct:${ROOM}:${TASK}`],
    ['about a task that is not in hand', `agent:main:clawtank:channel:task:${ROOM}:${OTHER}`],
    ['in another agent’s task', `${IN_TASK}:as:night`],
    ['on another channel', 'agent:main:main'],
    ['nowhere', null],
  ])('stays with OpenClaw when it is asked %s', (_, sessionKey) => {
    const { asked, capability } = gateway('approved');
    expect(capability.nativeRuntime.availability.shouldHandle(request(sessionKey))).toBe(false);
    expect(capability.native.describeDeliveryCapabilities(request(sessionKey)).enabled).toBe(false);
    expect(capability.nativeRuntime.transport.deliverPending({ ...delivered(), ...request(sessionKey) })).toBeNull();
    expect(asked).toEqual([]);
  });

  it.each([
    ['approved', 'allow-once'],
    ['rejected', 'deny'],
  ] as const)('is told what was decided in the room: %s', async (decision, told) => {
    const { asked, resolve, capability } = gateway(decision);
    expect(capability.nativeRuntime.transport.deliverPending(delivered())).toEqual({ id: 'a1' });
    await soon();
    expect(asked).toEqual([['a1', STEP]]);
    expect(resolve).toHaveBeenCalledTimes(1);
    expect(resolve).toHaveBeenCalledWith(
      expect.objectContaining({ approvalId: 'a1', approvalKind: 'exec', decision: told }),
    );
  });

  it('is told nothing once it waits no more', async () => {
    const { resolve, settled, capability } = gateway(null);
    capability.nativeRuntime.transport.deliverPending(delivered());
    capability.nativeRuntime.observe.onFinalized(request());
    await soon();
    expect(settled).toEqual(['a1']);
    expect(resolve).not.toHaveBeenCalled();
  });

  it('is told again what it did not hear', async () => {
    const resolve = jest.fn<ResolveApproval>(async () => undefined);
    resolve.mockRejectedValueOnce(new Error('not now'));
    const { capability, line } = gateway('approved', resolve);
    capability.nativeRuntime.transport.deliverPending(delivered());
    await new Promise((done) => setTimeout(done, 1500));
    expect(resolve).toHaveBeenCalledTimes(2);
    expect(line.report).not.toHaveBeenCalled();
  });

  it('is decided by no words in a conversation', () => {
    expect(gateway('approved').capability.authorizeActorAction().authorized).toBe(false);
  });
});
