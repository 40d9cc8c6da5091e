import { describe, expect, it } from '@jest/globals';
import type { AgentSelf } from '@clawtank/contracts';
import type { InboundDispatch, PluginRuntime } from 'openclaw/plugin-sdk/channel-core';
import { accountOf } from './config.js';
import { type Turn, Turns } from './turns.js';

const ROOM = '00000000-0000-4000-8000-00000000000a';
const SELF = { agentId: 'me', name: 'crusty', ownerId: 'ada-id' } as AgentSelf;

/** An OpenClaw that does with a turn what it is told to. */
function turnsOf(dispatch: (turn: InboundDispatch) => Promise<{ dispatched: boolean }>, admission = 'dispatch') {
  const contexts: { message: Record<string, string>; access: { commands: object } }[] = [];
  const admissions: { allowFrom: string[] }[] = [];
  const runtime = {
    channel: {
      routing: {
        resolveAgentRoute: ({ peer }: { peer: { id: string } }) => ({ agentId: 'main', sessionKey: peer.id }),
      },
      inbound: {
        ingress: {
          resolveStable: async (request: (typeof admissions)[number]) => {
            admissions.push(request);
            return { ingress: { admission } };
          },
        },
        buildContext: (context: (typeof contexts)[number]) => contexts.push(context),
        dispatch,
      },
    },
  } as unknown as PluginRuntime;
  const account = accountOf({ channels: { clawtank: { allowFrom: ['owner', 'grace'] } } }, 'default', {});
  return { turns: new Turns({ runtime, cfg: {}, account, self: () => SELF }), contexts, admissions };
}

function aTurn(said: string[] = []): Turn {
  return {
    target: { kind: 'room', roomId: ROOM },
    id: 'm1',
    from: { type: 'human', id: 'grace-id', name: 'Grace' },
    at: new Date(0),
    isSpokenTo: true,
    prompt: '/new',
    signal: new AbortController().signal,
    answer: async (text) => void said.push(text),
  };
}

describe('a turn', () => {
  it('delivers what is said, but not what is thought', async () => {
    const said: string[] = [];
    const { turns } = turnsOf(async ({ replyOptions, delivery }) => {
      replyOptions.onAgentRunStart?.();
      await delivery.deliver({ text: 'hm', isReasoning: true }, { kind: 'block' });
      await delivery.deliver({ text: ' ' }, { kind: 'block' });
      await delivery.deliver({ text: 'hello' }, { kind: 'final' });
      return { dispatched: true };
    });
    expect(await turns.take(aTurn(said))).toBe('done');
    expect(said).toEqual(['hello']);
  });

  it('leaves it to OpenClaw who may ask, and never is a command to it', async () => {
    const { turns, admissions, contexts } = turnsOf(async () => ({ dispatched: true }));
    await turns.take(aTurn());
    expect(admissions[0]?.allowFrom).toEqual(['ada-id', 'grace-id']);
    expect(contexts[0]?.access.commands).toEqual({ authorized: false });
  });

  it('is refused where OpenClaw does not let it in, or suppresses it', async () => {
    const never = async (): Promise<never> => Promise.reject(new Error('dispatched all the same'));
    expect(await turnsOf(never, 'drop').turns.take(aTurn())).toBe('refused');
    expect(await turnsOf(async () => ({ dispatched: false })).turns.take(aTurn())).toBe('refused');
  });

  it('is elsewhere if OpenClaw does not take it up again', async () => {
    expect(await turnsOf(async () => ({ dispatched: true })).turns.take(aTurn())).toBe('elsewhere');
  });

  it('is tried again, as the same, when a gateway that has just started does not take it up', async () => {
    const ids: string[] = [];
    const { turns } = turnsOf(async ({ replyOptions }) => {
      ids.push(replyOptions.runId);
      if (ids.length === 1) {
        throw new Error('another OpenClaw process owns state-lifecycle');
      }
      replyOptions.onAgentRunStart?.();
      return { dispatched: true };
    });
    expect(await turns.take(aTurn())).toBe('done');
    expect(ids).toEqual(['clawtank:default:m1', 'clawtank:default:m1']);
  });

  it('is not tried again once it was taken up', async () => {
    let times = 0;
    const { turns } = turnsOf(async ({ replyOptions, delivery }) => {
      times++;
      replyOptions.onAgentRunStart?.();
      delivery.onError(new Error('lost'));
      return { dispatched: true };
    });
    await expect(turns.take(aTurn())).rejects.toThrow('lost');
    expect(times).toBe(1);
  });
});
