import { randomUUID } from 'node:crypto';
import { createChatChannelPlugin, type PluginRuntime, type SendText } from 'openclaw/plugin-sdk/channel-core';
import {
  createMessageReceiptFromOutboundResults,
  defineChannelMessageAdapter,
} from 'openclaw/plugin-sdk/channel-outbound';
import { PlatformMessageNotDispatchedError } from 'openclaw/plugin-sdk/error-runtime';
import { AgentLine } from './agent-line.js';
import { ACCOUNT, type Account, accountOf, CHANNEL, withSettings } from './config.js';
import { replyId, sendingId } from './domain/said-id.js';
import { formatTarget, parseTarget } from './domain/target.js';
import { Speechless } from './mouth.js';

/** How long something that is to be said waits for a connection before OpenClaw hears that it was not. */
const CONNECTED_WITHIN_MS = 30_000;
/** More messages than one text can take. */
const MAX_PARTS = 1000;

interface Shared {
  runtime: PluginRuntime | null;
  line: AgentLine | null;
}

/** OpenClaw may load the plugin more than once, for its tools and for its channel: all of them are one. */
const shared = ((globalThis as Record<symbol, unknown>)[Symbol.for('clawtank.openclaw-channel')] ??= {
  runtime: null,
  line: null,
}) as Shared;

export const setRuntime = (given: PluginRuntime): void => void (shared.runtime = given);

/** The agent's line to ClawTank, while the channel runs. */
export const currentLine = (): AgentLine | null => shared.line;

/** Says something that OpenClaw sends of its own accord, once for each name it has for the sending. Null if it is not to be said. */
async function send(request: SendText): Promise<string | null> {
  const { to, text, signal, deliveryQueueId, deliveryPartIndex = 0 } = request;
  const target = parseTarget(to);
  if (!target) {
    throw new PlatformMessageNotDispatchedError(`${to} is neither a room nor a member of one`);
  }
  const { mouth, resumptions, desk } = await connected(signal);
  if (target.kind === 'task') {
    desk.inHand(target.taskId)?.hear(text); // words about a task are no message: the work itself is handed in
    return null;
  }
  if (deliveryQueueId === undefined && (await resumptions.isUnderWay(target))) {
    return null;
  }
  const resumption = deliveryQueueId === undefined ? null : await resumptions.answeredBy(target, deliveryQueueId);
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

async function connected(signal: AbortSignal | undefined): Promise<AgentLine> {
  try {
    const { line } = shared;
    if (!line) {
      throw new Speechless('The ClawTank channel does not run');
    }
    await line.mouth.ready(CONNECTED_WITHIN_MS, signal);
    return line;
  } catch (cause) {
    throw new PlatformMessageNotDispatchedError((cause as Error).message, { cause });
  }
}

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
      listAccountIds: (cfg) => (cfg.channels?.[CHANNEL] ? [ACCOUNT] : []),
      resolveAccount: (cfg) => accountOf(cfg),
      inspectAccount: (cfg) => {
        const { isEnabled, access } = accountOf(cfg);
        return { enabled: isEnabled, configured: access !== null, tokenStatus: access ? 'available' : 'missing' };
      },
      isEnabled: ({ isEnabled }) => isEnabled,
      isConfigured: ({ access }) => access !== null,
    },
    setup: { applyAccountConfig: ({ cfg, input }) => withSettings(cfg, input) },
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
        const line = await AgentLine.open(context, shared.runtime);
        shared.line = line;
        try {
          await line.attend();
        } finally {
          // Unless another has begun meanwhile.
          if (shared.line === line) {
            shared.line = null;
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
