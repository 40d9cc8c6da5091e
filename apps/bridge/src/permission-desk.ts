import { readlink, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import type { PermissionOption, RequestPermissionRequest, RequestPermissionResponse } from '@agentclientprotocol/sdk';
import type { Redact } from '@clawtank/agent-work';
import { approvalId, type ApprovalKind } from './domain/approvals.js';
import { type Allowable, approvalKind, decideStep } from './domain/permission-policy.js';
import { detailOf, pathsOf, titleOf, type ToolCallFacts, withoutFolder } from './domain/tool-call.js';

/** A step that somebody has to give leave for. */
export interface StepToApprove {
  readonly approvalId: string;
  readonly kind: ApprovalKind;
  readonly title: string;
  readonly detail: string;
}

/** Asks whoever answers for the agent. Rejects when the task is no longer the agent's. */
export type Ask = (step: StepToApprove) => Promise<'approved' | 'rejected'>;

interface DeskOptions {
  readonly task: { readonly id: string; readonly fence: number; readonly isForOwner: boolean };
  readonly folder: string;
  readonly allowed: ReadonlySet<Allowable>;
  readonly redact: Redact;
  readonly ask: Ask;
}

/** Answers the agent when it asks for leave: by the owner's standing permission where that reaches, or else by asking in the room. */
export class PermissionDesk {
  private readonly times = new Map<string, number>();
  private readonly known = new Map<string, ToolCallFacts>();

  constructor(private readonly options: DeskOptions) {}

  /** What was told of a tool call before leave is asked for it may say more than the request does. */
  learn(call: ToolCallFacts): void {
    this.known.set(call.toolCallId, { ...this.known.get(call.toolCallId), ...withoutNulls(call) });
  }

  async answer({ toolCall, options }: RequestPermissionRequest): Promise<RequestPermissionResponse> {
    this.learn(toolCall);
    const call = this.known.get(toolCall.toolCallId) ?? toolCall;
    const { task, allowed, ask } = this.options;
    const places = await Promise.all(pathsOf(call).map((path) => placeIn(this.options.folder, path)));
    if (decideStep({ kind: call.kind, places, isForOwner: task.isForOwner }, allowed) === 'allowed') {
      return select(options, 'approved');
    }
    try {
      return select(options, await ask(this.step(call)));
    } catch {
      return { outcome: { outcome: 'cancelled' } };
    }
  }

  private step(call: ToolCallFacts): StepToApprove {
    const { task, redact, folder } = this.options;
    const time = this.times.get(call.toolCallId) ?? 0;
    this.times.set(call.toolCallId, time + 1);
    return {
      approvalId: approvalId(task.id, task.fence, call.toolCallId, time),
      kind: approvalKind(call.kind),
      title: redact(titleOf({ ...call, title: withoutFolder(call.title ?? '', folder) })),
      detail: redact(detailOf(call)),
    };
  }
}

/** Where a path leads, symbolic links followed, as seen from the worktree; null if that is outside of it. */
async function placeIn(folder: string, path: string): Promise<string | null> {
  const real = path.startsWith('~') ? null : await resolved(resolve(folder, path)).catch(() => null);
  if (real === null) {
    return null;
  }
  const place = relative(await realpath(folder), real);
  return place === '..' || place.startsWith('../') || place.startsWith('..\\') || isAbsolute(place) ? null : place;
}

/** The real path of what may not exist yet: links are followed as far as there is something. */
async function resolved(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    const parent = dirname(path);
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || parent === path) {
      throw error;
    }
    const target = await readlink(path).catch(() => null); // a link to what is not there yet still leads there
    return target === null
      ? join(await resolved(parent), basename(path))
      : resolved(resolve(await resolved(parent), target));
  }
}

/** The agent's own option for this answer. Leave is given for once, even if the agent offers to remember it. */
function select(options: readonly PermissionOption[], decision: 'approved' | 'rejected'): RequestPermissionResponse {
  const wanted = decision === 'approved' ? ['allow_once'] : ['reject_once', 'reject_always'];
  const option = wanted.map((kind) => options.find((one) => one.kind === kind)).find(Boolean);
  return option
    ? { outcome: { outcome: 'selected', optionId: option.optionId } }
    : { outcome: { outcome: 'cancelled' } };
}

function withoutNulls(call: ToolCallFacts): ToolCallFacts {
  return Object.fromEntries(
    Object.entries(call).filter(([, value]) => value !== null && value !== undefined),
  ) as unknown as ToolCallFacts;
}
