import { setTimeout as delay } from 'node:timers/promises';
import type { Actor, AgentSelf } from '@clawtank/contracts';
import type { ItemEvent, OpenClawConfig, PluginRuntime } from 'openclaw/plugin-sdk/channel-core';
import { CHANNEL } from './channel.js';
import type { Account } from './config.js';
import { allowedIds } from './domain/attention.js';
import { conversationId, formatTarget, type Target } from './domain/target.js';

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 16_000;

/** One thing for the agent to deal with. */
export interface Turn {
  readonly target: Target;
  /** The same whenever the same is told: OpenClaw takes each up once, also after it was killed. */
  readonly id: string;
  readonly from: Actor;
  readonly at: Date;
  readonly isSpokenTo: boolean;
  readonly prompt: string;
  /** Aborted when the turn is to end. */
  readonly signal: AbortSignal;
  /** OpenClaw has taken it up. */
  onStart?(): void;
  /** Takes each piece of the answer. */
  answer(text: string): Promise<void>;
  /** Hears what the agent does. */
  onItem?(item: ItemEvent): void;
}

/** How a turn came to its end. `elsewhere`: OpenClaw has taken it up before, and answers, or has answered, by itself. */
export type TurnEnd = 'done' | 'refused' | 'elsewhere';

interface Parts {
  readonly runtime: PluginRuntime;
  readonly cfg: OpenClawConfig;
  readonly account: Account;
  self(): AgentSelf;
}

/** Has the OpenClaw agent take turns. Who may set it to work is decided by OpenClaw, from the settings of this channel. */
export class Turns {
  constructor(private readonly parts: Parts) {}

  /** Resolves when the turn has ended and every piece of its answer is delivered. */
  async take(turn: Turn): Promise<TurnEnd> {
    let isTakenUp = false;
    const onStart = (): void => {
      isTakenUp = true;
      turn.onStart?.();
    };
    for (let pause = FIRST_PAUSE_MS; ; pause *= 2) {
      try {
        return await this.attempt({ ...turn, onStart });
      } catch (error) {
        // A gateway that has just started refuses turns for a while.
        if (isTakenUp || turn.signal.aborted || pause > LONGEST_PAUSE_MS) {
          throw error;
        }
        await delay(pause, undefined, { signal: turn.signal });
      }
    }
  }

  private async attempt(turn: Turn): Promise<TurnEnd> {
    const { runtime, cfg, account } = this.parts;
    const { target, id, from, at, prompt, signal } = turn;
    const to = formatTarget(target);
    const chatType = target.kind === 'direct' ? 'direct' : 'group';
    const route = runtime.channel.routing.resolveAgentRoute({
      cfg,
      channel: CHANNEL,
      accountId: account.accountId,
      // Each conversation has a session of its own, direct ones as well: none sees what was said in another.
      peer: { kind: 'channel', id: conversationId(target, account.accountId) },
    });
    const channelIngress = await this.admit(turn, route);
    if (channelIngress.ingress.admission !== 'dispatch') {
      return 'refused';
    }
    const ctxPayload = runtime.channel.inbound.buildContext({
      channelIngress,
      channel: CHANNEL,
      accountId: account.accountId,
      messageId: id,
      messageIdFull: id,
      timestamp: at.getTime(),
      from: to,
      sender: { id: from.id, name: from.name },
      conversation: { kind: chatType, id: to, label: to, nativeChannelId: to },
      route: {
        agentId: route.agentId,
        dmScope: route.dmScope,
        accountId: route.accountId,
        routeSessionKey: route.sessionKey,
      },
      reply: { to, originatingTo: to, nativeChannelId: to },
      // No part of it is a command to OpenClaw, whatever the message says.
      message: { body: prompt, bodyForAgent: prompt, rawBody: prompt, commandBody: prompt },
      access: { commands: { authorized: false }, mentions: mentionFacts(turn) },
    });
    const failures: unknown[] = [];
    let isTakenUp = false;
    const { dispatched } = await runtime.channel.inbound.dispatch({
      cfg,
      channel: CHANNEL,
      accountId: account.accountId,
      route: { agentId: route.agentId, dmScope: route.dmScope, sessionKey: route.sessionKey },
      ctxPayload,
      ...(from.type === 'agent' && { botLoopProtection: this.pairWith(turn) }),
      replyOptions: {
        // Two agents of one gateway may be told the same message at once.
        runId: `${CHANNEL}:${account.accountId}:${id}`,
        abortSignal: signal,
        suppressDefaultToolProgressMessages: true,
        onAgentRunStart: () => {
          isTakenUp = true;
          turn.onStart?.();
        },
        onItemEvent: (item) => {
          turn.onItem?.(item);
          return false;
        },
      },
      delivery: {
        deliver: async ({ text, isReasoning }) => {
          if (text?.trim() && !isReasoning) {
            await turn.answer(text);
          }
        },
        onError: (error) => void failures.push(error),
      },
      replyPipeline: {},
      record: {
        onRecordError: (error) => {
          throw error;
        },
      },
    });
    if (failures.length > 0) {
      throw failures[0];
    }
    if (!dispatched) {
      return 'refused';
    }
    return isTakenUp ? 'done' : 'elsewhere';
  }

  private admit(turn: Turn, route: { readonly agentId: string; readonly sessionKey: string }) {
    const { runtime, cfg, account, self } = this.parts;
    const to = formatTarget(turn.target);
    return runtime.channel.inbound.ingress.resolveStable({
      channelId: CHANNEL,
      accountId: account.accountId,
      identity: { key: 'member-id', isWildcardEntry: (entry: string) => entry.trim() === '*' },
      cfg,
      subject: { stableId: turn.from.id },
      conversation: { kind: turn.target.kind === 'direct' ? 'direct' : 'group', id: to },
      contextBinding: {
        agentId: route.agentId,
        sessionKey: route.sessionKey,
        messageId: turn.id,
        inboundEventKind: 'user_request',
        nativeChannelId: to,
      },
      allowFrom: allowedIds(account, self(), turn.from),
      dmPolicy: 'allowlist',
      groupPolicy: 'allowlist',
      mentionFacts: mentionFacts(turn),
      policy: { activation: { requireMention: account.requireMention, allowTextCommands: false } },
      command: false,
    });
  }

  /** Two agents that go on answering each other are stopped by OpenClaw. */
  private pairWith({ target, id, from, at }: Turn): object {
    const { cfg, self } = this.parts;
    const { defaults } = (cfg.channels ?? {}) as { defaults?: { botLoopProtection?: object } };
    return {
      scopeId: target.roomId,
      conversationId: formatTarget(target),
      senderId: from.id,
      receiverId: self().agentId,
      eventId: id,
      nowMs: at.getTime(),
      defaultsConfig: defaults?.botLoopProtection,
      defaultEnabled: true,
    };
  }
}

const mentionFacts = ({ target, isSpokenTo }: Turn) =>
  target.kind === 'direct'
    ? { canDetectMention: false, wasMentioned: false }
    : { canDetectMention: true, wasMentioned: isSpokenTo, hasAnyMention: isSpokenTo };
