/**
 * What the plugin uses of OpenClaw's plugin SDK (2026.9), as far as it uses it. OpenClaw itself brings the modules when it loads the
 * plugin; its own declarations come only with all of OpenClaw.
 */

declare module 'openclaw/plugin-sdk/channel-core' {
  export interface OpenClawConfig {
    readonly channels?: Readonly<Record<string, unknown>>;
    readonly [section: string]: unknown;
  }

  export type ChatType = 'direct' | 'group' | 'channel';

  /** The agent and the session that a conversation leads to. */
  export interface AgentRoute {
    readonly agentId: string;
    readonly sessionKey: string;
    readonly accountId?: string;
    readonly dmScope?: unknown;
  }

  export interface ChannelIngress {
    readonly ingress: { readonly admission: string; readonly reasonCode?: string };
  }

  /** A piece of the agent's answer. */
  export interface ReplyPayload {
    readonly text?: string;
    readonly isError?: boolean;
    readonly isReasoning?: boolean;
  }

  /** Something the agent does within a turn. */
  export interface ItemEvent {
    readonly itemId?: string;
    readonly toolCallId?: string;
    readonly kind?: string;
    readonly title?: string;
    readonly name?: string;
    readonly phase?: string;
    readonly status?: string;
    readonly summary?: string;
    readonly progressText?: string;
  }

  export interface InboundDispatch {
    readonly cfg: OpenClawConfig;
    readonly channel: string;
    readonly accountId: string;
    readonly route: Pick<AgentRoute, 'agentId' | 'sessionKey' | 'dmScope'>;
    readonly ctxPayload: unknown;
    readonly botLoopProtection?: object;
    readonly replyOptions: {
      readonly runId: string;
      readonly abortSignal?: AbortSignal;
      readonly suppressDefaultToolProgressMessages?: boolean;
      /** Not called for what was taken up before. */
      onAgentRunStart?(): void;
      onItemEvent?(event: ItemEvent): boolean;
    };
    readonly delivery: {
      deliver(payload: ReplyPayload, info: { readonly kind: string }): Promise<void>;
      onError(error: unknown): void;
    };
    readonly replyPipeline: object;
    readonly record: { onRecordError(error: unknown): void };
  }

  export interface PluginRuntime {
    readonly version: string;
    readonly state: { resolveStateDir(): string };
    readonly agent: { resolveAgentWorkspaceDir(cfg: OpenClawConfig, agentId: string): string };
    readonly channel: {
      readonly routing: {
        resolveAgentRoute(request: {
          readonly cfg: OpenClawConfig;
          readonly channel: string;
          readonly accountId: string;
          readonly peer: { readonly kind: ChatType; readonly id: string };
        }): AgentRoute;
      };
      readonly inbound: {
        readonly ingress: { resolveStable(request: object): Promise<ChannelIngress> };
        buildContext(facts: object): unknown;
        dispatch(turn: InboundDispatch): Promise<{ readonly dispatched: boolean }>;
      };
    };
  }

  export interface ToolContext {
    readonly sessionKey?: string;
    readonly activeModel?: { readonly modelRef?: string };
  }

  export interface AgentTool {
    readonly name: string;
    readonly label: string;
    readonly description: string;
    readonly parameters: object;
    execute(
      toolCallId: string,
      parameters: unknown,
      signal?: AbortSignal,
    ): Promise<{
      readonly content: readonly { readonly type: 'text'; readonly text: string }[];
      readonly details: unknown;
    }>;
  }

  export interface OpenClawPluginApi {
    registerTool(factory: (context: ToolContext) => AgentTool[], options: { readonly names: readonly string[] }): void;
  }

  export interface GatewayContext<Account> {
    readonly cfg: OpenClawConfig;
    readonly accountId: string;
    readonly account: Account;
    readonly abortSignal: AbortSignal;
    readonly log?: {
      info(text: string): void;
      warn(text: string): void;
      error(text: string): void;
    };
    readonly channelRuntime?: PluginRuntime['channel'];
    setStatus(status: {
      readonly accountId: string;
      readonly running?: boolean;
      readonly connected?: boolean;
      readonly lifecycle?: 'starting' | 'ready' | 'recovering' | 'stopped';
      readonly lastError?: string | null;
    }): void;
  }

  export interface SendText {
    readonly cfg: OpenClawConfig;
    readonly to: string;
    readonly text: string;
    readonly accountId?: string | null;
    readonly replyToId?: string | null;
    readonly signal?: AbortSignal;
    /** Names the intent to send, also after a restart; and which of its parts this is. */
    readonly deliveryQueueId?: string;
    readonly deliveryPartIndex?: number;
    onPlatformSendDispatch?(): Promise<void>;
  }

  export interface ChannelBase<Account> {
    readonly id: string;
    readonly meta: object;
    readonly capabilities: { readonly chatTypes: readonly ChatType[] };
    readonly reload: { readonly configPrefixes: readonly string[] };
    readonly config: {
      listAccountIds(cfg: OpenClawConfig): string[];
      resolveAccount(cfg: OpenClawConfig, accountId?: string | null): Account;
      inspectAccount(cfg: OpenClawConfig): {
        enabled: boolean;
        configured: boolean;
        tokenStatus: 'available' | 'missing';
      };
      isEnabled(account: Account): boolean;
      isConfigured(account: Account): boolean;
    };
    readonly setup: {
      applyAccountConfig(change: { readonly cfg: OpenClawConfig; readonly input: object }): OpenClawConfig;
    };
    readonly messaging: {
      normalizeTarget(raw: string): string | undefined;
      inferTargetChatType(request: { readonly to: string }): ChatType;
      readonly targetResolver: { looksLikeId(raw: string): boolean; readonly hint: string };
    };
    readonly gateway: { startAccount(context: GatewayContext<Account>): Promise<void> };
    readonly message: unknown;
  }

  export interface ChatChannel<Account> {
    readonly base: ChannelBase<Account>;
    readonly outbound: {
      readonly base: { readonly deliveryMode: 'direct' };
      readonly attachedResults: {
        readonly channel: string;
        sendText(request: SendText): Promise<{ readonly messageId: string }>;
      };
    };
  }

  export interface ChannelPlugin {
    readonly id: string;
  }

  export function createChatChannelPlugin<Account>(channel: ChatChannel<Account>): ChannelPlugin;
  export function defineChannelPluginEntry(entry: {
    readonly id: string;
    readonly name: string;
    readonly description: string;
    readonly plugin: ChannelPlugin;
    setRuntime(runtime: PluginRuntime): void;
    registerFull(api: OpenClawPluginApi): void;
  }): unknown;
  export function defineSetupPluginEntry(plugin: ChannelPlugin): unknown;
}

declare module 'openclaw/plugin-sdk/channel-outbound' {
  import type { SendText } from 'openclaw/plugin-sdk/channel-core';

  export interface MessageReceipt {
    readonly platformMessageIds?: readonly string[];
  }

  export interface SendResult {
    readonly messageId?: string;
    readonly receipt: MessageReceipt;
    readonly outcome?: 'not_sent';
  }

  export function createMessageReceiptFromOutboundResults(sent: {
    readonly results: readonly {
      readonly channel: string;
      readonly messageId: string;
      readonly conversationId?: string;
    }[];
    readonly kind: 'text';
  }): MessageReceipt;

  export function defineChannelMessageAdapter(adapter: {
    readonly id: string;
    readonly durableFinal: {
      readonly capabilities: Readonly<Record<string, boolean>>;
      readonly automaticUnknownSendReconciliation: boolean;
      readonly reconcileUnknownSendKinds: { readonly text: boolean };
      reconcileUnknownSend(): { readonly status: 'not_sent' };
    };
    readonly send: { text(request: SendText): Promise<SendResult> };
  }): unknown;
}

declare module 'openclaw/plugin-sdk/error-runtime' {
  /** Says that nothing was sent, so that sending again cannot say it twice. */
  export class PlatformMessageNotDispatchedError extends Error {
    constructor(message: string, options?: ErrorOptions);
  }
}
