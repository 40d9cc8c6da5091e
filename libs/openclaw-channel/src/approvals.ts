import { setTimeout as delay } from 'node:timers/promises';
import type { ResolveApproval } from 'openclaw/plugin-sdk/approval-gateway-runtime';
import type { ApprovalAsked, ApprovalCapability, ApprovalContext } from 'openclaw/plugin-sdk/approval-handler-runtime';
import type { AgentLine } from './agent-line.js';
import { ONLY_ACCOUNT } from './channel.js';
import { conversationOfSession, formatTarget } from './domain/target.js';
import { stepOf } from './domain/step.js';
import type { TaskInHand } from './tasks/task-in-hand.js';

type Lines = ReadonlyMap<string, AgentLine>;

/** How OpenClaw is told again what it could not be told. */
const AGAIN_MS = 1000;
const MAX_ATTEMPTS = 5;

/**
 * What OpenClaw asks leave for in the middle of a task is asked in the task's room, of whoever answers for the agent. What it asks for
 * anywhere else stays with OpenClaw: a room knows requests for leave only as steps of tasks.
 */
export function approvalsOf(linesNow: () => Lines, resolve: ResolveApproval): ApprovalCapability {
  const placeOf = ({ accountId, request }: Pick<ApprovalContext, 'accountId' | 'request'>) => {
    const conversation = conversationOfSession(request.request.sessionKey ?? undefined);
    const account = accountId ?? ONLY_ACCOUNT;
    if (conversation?.target.kind !== 'task' || conversation.accountId !== account) {
      return null;
    }
    const line = linesNow().get(account);
    const task = line?.desk.inHand(conversation.target.taskId);
    return line && task ? { line, task, to: formatTarget(conversation.target) } : null;
  };
  return {
    // Who may decide is for the server to say, which hears it in the room. No words in a conversation decide anything.
    authorizeActorAction: () => ({ authorized: false, reason: 'This is decided in ClawTank' }),
    getActionAvailabilityState: () => ({ kind: 'enabled' }),
    native: {
      describeDeliveryCapabilities: (asked) => ({
        enabled: placeOf(asked) !== null,
        preferredSurface: 'origin',
        supportsOriginSurface: true,
        supportsApproverDmSurface: false,
      }),
      resolveOriginTarget: (asked) => {
        const place = placeOf(asked);
        return place && { to: place.to };
      },
    },
    nativeRuntime: {
      eventKinds: ['exec', 'plugin'],
      availability: { isConfigured: () => true, shouldHandle: (asked) => placeOf(asked) !== null },
      presentation: {
        buildPendingPayload: ({ request, view }) => stepOf(request.id, view),
        // What has become of it is seen in the room, and by the agent.
        buildResolvedResult: () => ({ kind: 'leave' }),
        buildExpiredResult: () => ({ kind: 'leave' }),
      },
      transport: {
        prepareTarget: ({ plannedTarget: { target } }) => ({ dedupeKey: target.to, target: target.to }),
        deliverPending: (asked) => {
          const place = placeOf(asked);
          if (!place) {
            return null;
          }
          void ask(place.task, asked, resolve).catch((error: unknown) => place.line.report('telling OpenClaw', error));
          return { id: asked.request.id };
        },
      },
      observe: { onFinalized: (asked) => placeOf(asked)?.task.settled(asked.request.id) },
    },
  };
}

/** Asks in the room, and tells OpenClaw what is decided there, unless somebody else has decided before or nobody waits any more. */
async function ask(
  task: TaskInHand,
  { cfg, request, approvalKind, pendingPayload, accountId }: ApprovalAsked,
  resolve: ResolveApproval,
): Promise<void> {
  const decision = await task.ask(request.id, pendingPayload);
  if (decision === null) {
    return;
  }
  const told = {
    ...{ cfg, approvalId: request.id, approvalKind },
    decision: decision === 'approved' ? ('allow-once' as const) : ('deny' as const),
    clientDisplayName: `ClawTank (${accountId ?? ONLY_ACCOUNT})`,
  };
  for (let attempt = 1; ; attempt++) {
    try {
      await resolve(told);
      return;
    } catch (error) {
      if (attempt >= MAX_ATTEMPTS) {
        throw error;
      }
      await delay(AGAIN_MS);
    }
  }
}
