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
    /** Which of the gateway's agents calls it. */
    readonly agentId?: string;
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
      readonly lifecycle?: 'starting' | 'ready' | 'recovering' | 'blocked' | 'stopped';
      /** Nothing but a change of the settings can bring it back. */
      readonly terminalDisconnect?: boolean;
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

  export interface AccountSummary {
    readonly accountId: string;
    readonly enabled: boolean;
    readonly configured: boolean;
    readonly tokenStatus: 'available' | 'configured_unavailable' | 'missing';
  }

  export interface ChannelBase<Account> {
    readonly id: string;
    readonly meta: object;
    readonly capabilities: { readonly chatTypes: readonly ChatType[] };
    readonly reload: { readonly configPrefixes: readonly string[] };
    readonly config: {
      listAccountIds(cfg: OpenClawConfig): string[];
      resolveAccount(cfg: OpenClawConfig, accountId?: string | null): Account;
      defaultAccountId(cfg: OpenClawConfig): string;
      inspectAccount(cfg: OpenClawConfig, accountId?: string | null): AccountSummary;
      isEnabled(account: Account): boolean;
      isConfigured(account: Account): boolean;
    };
    readonly setup: {
      applyAccountConfig(change: {
        readonly cfg: OpenClawConfig;
        readonly accountId: string;
        readonly input: object;
      }): OpenClawConfig;
    };
    readonly status: {
      buildAccountSnapshot(known: { readonly account: Account; readonly runtime?: object }): AccountSummary;
    };
    readonly messaging: {
      normalizeTarget(raw: string): string | undefined;
      inferTargetChatType(request: { readonly to: string }): ChatType;
      readonly targetResolver: { looksLikeId(raw: string): boolean; readonly hint: string };
    };
    readonly gateway: { startAccount(context: GatewayContext<Account>): Promise<void> };
    readonly message: unknown;
    readonly approvalCapability: import('openclaw/plugin-sdk/approval-handler-runtime').ApprovalCapability;
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

declare module 'openclaw/plugin-sdk/approval-handler-runtime' {
  import type { StepToApprove } from '@clawtank/agent-sdk';
  import type { OpenClawConfig } from 'openclaw/plugin-sdk/channel-core';

  export type ApprovalKind = 'exec' | 'plugin' | 'system-agent';

  /** What is to be shown of a request. */
  export interface ApprovalView {
    readonly title: string;
    readonly description?: string | null;
    readonly commandText?: string;
    readonly cwd?: string | null;
    readonly warningText?: string | null;
  }

  export interface ApprovalContext {
    readonly cfg: OpenClawConfig;
    readonly accountId?: string | null;
    readonly approvalKind: ApprovalKind;
    readonly request: { readonly id: string; readonly request: { readonly sessionKey?: string | null } };
  }

  export interface ApprovalAsked extends ApprovalContext {
    readonly pendingPayload: StepToApprove;
  }

  type Availability = { readonly kind: 'enabled' };
  type Left = { readonly kind: 'leave' };

  /** How a channel shows requests for leave, and who may decide them by words in it. */
  export interface ApprovalCapability {
    authorizeActorAction(): { readonly authorized: boolean; readonly reason: string };
    getActionAvailabilityState(): Availability;
    readonly native: {
      describeDeliveryCapabilities(asked: ApprovalContext): {
        readonly enabled: boolean;
        readonly preferredSurface: 'origin';
        readonly supportsOriginSurface: boolean;
        readonly supportsApproverDmSurface: boolean;
      };
      resolveOriginTarget(asked: ApprovalContext): { readonly to: string } | null;
    };
    readonly nativeRuntime: {
      readonly eventKinds: readonly ApprovalKind[];
      readonly availability: { isConfigured(): boolean; shouldHandle(asked: ApprovalContext): boolean };
      readonly presentation: {
        buildPendingPayload(asked: ApprovalContext & { readonly view: ApprovalView }): StepToApprove;
        buildResolvedResult(): Left;
        buildExpiredResult(): Left;
      };
      readonly transport: {
        prepareTarget(plan: { readonly plannedTarget: { readonly target: { readonly to: string } } }): {
          readonly dedupeKey: string;
          readonly target: string;
        };
        deliverPending(asked: ApprovalAsked): { readonly id: string } | null;
      };
      /** Called once a request was decided, wherever, or has expired. */
      readonly observe: { onFinalized(asked: ApprovalContext): void };
    };
  }
}

declare module 'openclaw/plugin-sdk/approval-gateway-runtime' {
  import type { OpenClawConfig } from 'openclaw/plugin-sdk/channel-core';
  import type { ApprovalKind } from 'openclaw/plugin-sdk/approval-handler-runtime';

  /** Answers the decision that counts: who came first. */
  export type ResolveApproval = (decision: {
    readonly cfg: OpenClawConfig;
    readonly approvalId: string;
    readonly approvalKind: ApprovalKind;
    readonly decision: 'allow-once' | 'deny';
    readonly clientDisplayName: string;
  }) => Promise<unknown>;

  export const resolveApprovalOverGateway: ResolveApproval;
}

declare module 'openclaw/plugin-sdk/channel-runtime-context' {
  import type { PluginRuntime } from 'openclaw/plugin-sdk/channel-core';

  /** Says that the channel is there for requests for leave, until the signal is aborted. */
  export function registerChannelRuntimeContext(registration: {
    readonly channelRuntime: PluginRuntime['channel'] | undefined;
    readonly channelId: string;
    readonly accountId: string;
    readonly capability: 'approval.native';
    readonly context: object;
    readonly abortSignal: AbortSignal;
  }): unknown;
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

declare module 'openclaw/plugin-sdk/channel-secret-basic-runtime' {
  /** Which settings of a channel are secrets, and how what they refer to is put in their place. */
  export function createSimpleChannelSecretContract(secrets: {
    readonly channelKey: string;
    readonly label: string;
    readonly accountFields: readonly string[];
    readonly channelFields: readonly string[];
    readonly mode: 'account-inheritance';
  }): { readonly secretTargetRegistryEntries: unknown; readonly collectRuntimeConfigAssignments: unknown };
}

declare module 'openclaw/plugin-sdk/error-runtime' {
  /** Says that nothing was sent, so that sending again cannot say it twice. */
  export class PlatformMessageNotDispatchedError extends Error {
    constructor(message: string, options?: ErrorOptions);
  }
}
