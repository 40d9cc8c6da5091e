import { randomUUID } from 'node:crypto';
import { resolveApprovalOverGateway } from 'openclaw/plugin-sdk/approval-gateway-runtime';
import { createChatChannelPlugin, type PluginRuntime, type SendText } from 'openclaw/plugin-sdk/channel-core';
import {
  createMessageReceiptFromOutboundResults,
  defineChannelMessageAdapter,
} from 'openclaw/plugin-sdk/channel-outbound';
import { registerChannelRuntimeContext } from 'openclaw/plugin-sdk/channel-runtime-context';
import { PlatformMessageNotDispatchedError } from 'openclaw/plugin-sdk/error-runtime';
import { AgentLine } from './agent-line.js';
import { approvalsOf } from './approvals.js';
import { CHANNEL } from './channel.js';
import { type Account, accountIds, accountOf, defaultAccountId, withSettings } from './config.js';
import { replyId, sendingId } from './domain/said-id.js';
import { formatTarget, parseTarget } from './domain/target.js';
import { Speechless } from './mouth.js';

/** How long something that is to be said waits for a connection before OpenClaw hears that it was not. */
const CONNECTED_WITHIN_MS = 30_000;
/** More messages than one text can take. */
const MAX_PARTS = 1000;

interface Shared {
  runtime: PluginRuntime | null;
  /** By account. */
  readonly lines: Map<string, AgentLine>;
}

/** OpenClaw may load the plugin more than once, for its tools and for its channel: all of them are one. */
const shared = ((globalThis as Record<symbol, unknown>)[Symbol.for('clawtank.openclaw-channel')] ??= {
  runtime: null,
  lines: new Map(),
}) as Shared;

export const setRuntime = (given: PluginRuntime): void => void (shared.runtime = given);

/** The lines to ClawTank that are open now, by account. */
export const openLines = (): ReadonlyMap<string, AgentLine> => shared.lines;

/** Says something that OpenClaw sends of its own accord, once for each name it has for the sending. Null if it is not to be said. */
async function send(request: SendText): Promise<string | null> {
  const { cfg, accountId, to, text, signal, deliveryQueueId, deliveryPartIndex = 0 } = request;
  const target = parseTarget(to);
  if (!target) {
    throw new PlatformMessageNotDispatchedError(`${to} is neither a room nor a member of one`);
  }
  const { mouth, resumptions, desk } = await connected(accountId ?? defaultAccountId(cfg), signal);
  if (deliveryQueueId === undefined && (await resumptions.isUnderWay(target))) {
    return null;
  }
  const resumption = deliveryQueueId === undefined ? null : await resumptions.answeredBy(target, deliveryQueueId);
  if (target.kind === 'task') {
    desk.inHand(target.taskId)?.hear(text); // words about a task are no message: the work itself is handed in
    return null;
  }
  const name = deliveryQueueId ?? randomUUID();
  const idOf = (part: number): string => {
    const place = deliveryPartIndex * MAX_PARTS + part;
    return resumption ? replyId(resumption.messageId, place) : sendingId(name, place);
  };
  await request.onPlatformSendDispatch?.();
  const said = await mouth.say(target, text, idOf, resumption?.place);
  resumption?.answered();
  return said.at(-1) ?? null;
}

async function connected(accountId: string, signal: AbortSignal | undefined): Promise<AgentLine> {
  try {
    const line = shared.lines.get(accountId);
    if (!line) {
      throw new Speechless('The ClawTank channel does not run');
    }
    await line.mouth.ready(CONNECTED_WITHIN_MS, signal);
    return line;
  } catch (cause) {
    throw new PlatformMessageNotDispatchedError((cause as Error).message, { cause });
  }
}

/** What the gateway may be told of an account: no token. */
const summaryOf = ({ accountId, isEnabled, access, tokenStatus }: Account) => ({
  accountId,
  enabled: isEnabled,
  configured: tokenStatus === 'configured_unavailable' || access !== null,
  tokenStatus,
});

export const clawtankChannel = createChatChannelPlugin<Account>({
  base: {
    id: CHANNEL,
    meta: {
      id: CHANNEL,
      label: 'ClawTank',
      selectionLabel: 'ClawTank',
      docsPath: '/channels/clawtank',
      blurb: 'rooms where people and their agents build software together.',
      markdownCapable: true,
    },
    capabilities: { chatTypes: ['group', 'direct'] },
    reload: { configPrefixes: [`channels.${CHANNEL}`] },
    config: {
      listAccountIds: accountIds,
      defaultAccountId,
      resolveAccount: (cfg, accountId) => accountOf(cfg, accountId ?? undefined),
      inspectAccount: (cfg, accountId) => summaryOf(accountOf(cfg, accountId ?? undefined)),
      isEnabled: ({ isEnabled }) => isEnabled,
      isConfigured: ({ access }) => access !== null,
    },
    // Unless it is told by the channel itself, OpenClaw leaves out of the status why something is not as it should be.
    status: { buildAccountSnapshot: ({ account, runtime }) => ({ ...runtime, ...summaryOf(account) }) },
    setup: { applyAccountConfig: ({ cfg, accountId, input }) => withSettings(cfg, accountId, input) },
    approvalCapability: approvalsOf(() => shared.lines, resolveApprovalOverGateway),
    messaging: {
      normalizeTarget: (raw) => {
        const target = parseTarget(raw);
        return target ? formatTarget(target) : undefined;
      },
      inferTargetChatType: ({ to }) => (parseTarget(to)?.kind === 'direct' ? 'direct' : 'group'),
      targetResolver: {
        looksLikeId: (raw) => parseTarget(raw) !== null,
        hint: '<room:ROOM_ID|direct:ROOM_ID:MEMBER_ID>',
      },
    },
    gateway: {
      startAccount: async (context) => {
        if (!shared.runtime) {
          throw new Error('OpenClaw has not given the plugin its runtime');
        }
        const { runtime, lines } = shared;
        const { accountId } = context;
        const line = await AgentLine.open(context, runtime);
        lines.set(accountId, line);
        registerChannelRuntimeContext({
          channelRuntime: context.channelRuntime,
          ...{ channelId: CHANNEL, accountId, capability: 'approval.native', context: {} },
          abortSignal: context.abortSignal,
        });
        try {
          await line.attend();
        } finally {
          // Unless another has begun meanwhile.
          if (lines.get(accountId) === line) {
            lines.delete(accountId);
          }
        }
      },
    },
    message: defineChannelMessageAdapter({
      id: CHANNEL,
      durableFinal: {
        capabilities: { text: true, messageSendingHooks: true, reconcileUnknownSend: true },
        automaticUnknownSendReconciliation: true,
        reconcileUnknownSendKinds: { text: true },
        // Sending again says nothing twice: the server knows the ids.
        reconcileUnknownSend: () => ({ status: 'not_sent' }),
      },
      send: {
        text: async (request) => {
          const messageId = await send(request);
          const results = messageId === null ? [] : [{ channel: CHANNEL, messageId, conversationId: request.to }];
          return {
            ...(messageId === null ? { outcome: 'not_sent' as const } : { messageId }),
            receipt: createMessageReceiptFromOutboundResults({ results, kind: 'text' }),
          };
        },
      },
    }),
  },
  outbound: {
    base: { deliveryMode: 'direct' },
    attachedResults: {
      channel: CHANNEL,
      sendText: async (request) => ({ messageId: (await send(request)) ?? '' }),
    },
  },
});
