import { shortened } from './fence.js';

interface PlanEntry {
  readonly content: string;
  readonly status: string;
}

/** The updates of an ACP session that say something about the progress of the work. */
export type Update =
  | {
      readonly sessionUpdate: 'plan';
      readonly entries: readonly PlanEntry[];
    }
  | {
      readonly sessionUpdate: 'tool_call' | 'tool_call_update';
      readonly toolCallId: string;
      readonly title?: string | null;
      readonly status?: string | null;
      readonly rawInput?: unknown;
    }
  | {
      readonly sessionUpdate: 'agent_message_chunk' | 'agent_thought_chunk';
      readonly content: { readonly type: string; readonly text?: string };
    };

type ToolUpdate = Extract<Update, { readonly toolCallId: string }>;

const MAX_NOTE = 480;
const MAX_PART = 200;
const MAX_KEPT = 4000;
const MAX_TITLES = 200;

/** What the agent is doing, in one line, however much it tells: the step of its plan, its tool, its thought. */
export class ProgressDigest {
  private step = '';
  private percentDone: number | undefined;
  private tool = '';
  private thought = '';
  private spoken = '';
  private readonly titles = new Map<string, string>();
  /** The newest call of a tool that keeps the list of what is to be done. */
  private listId = '';

  take(update: Update): void {
    switch (update.sessionUpdate) {
      case 'plan':
        this.takePlan(update.entries);
        break;
      case 'tool_call':
      case 'tool_call_update':
        this.takeToolOrPlan(update);
        break;
      case 'agent_thought_chunk':
        this.thought = kept(this.thought + textOf(update.content));
        break;
      case 'agent_message_chunk':
        this.spoken = kept(this.spoken + textOf(update.content));
        break;
    }
  }

  /** A turn begins: what was said in the one before is no longer the last word. */
  beginTurn(): void {
    this.spoken = '';
    this.thought = '';
  }

  get note(): string {
    const talk = lastLine(this.thought) || lastLine(this.spoken);
    const parts = [this.step, this.tool, talk].map((part) => shortened(part, MAX_PART)).filter(Boolean);
    return shortened(parts.join(' · '), MAX_NOTE);
  }

  get percent(): number | undefined {
    return this.percentDone;
  }

  /** What the agent has said in this turn, its end if that was long. */
  get lastWords(): string {
    return this.spoken.trim();
  }

  /** Agents that tell no plan may still keep a list of what is to be done, by a tool of theirs. */
  private takeToolOrPlan({ toolCallId, title, status, rawInput }: ToolUpdate): void {
    const todos = todosOf(rawInput);
    if (todos.length > 0) {
      this.listId = toolCallId;
      this.takePlan(todos);
    } else if (toolCallId !== this.listId) {
      this.takeTool(toolCallId, title, status);
    }
  }

  private takePlan(entries: readonly PlanEntry[]): void {
    const done = entries.filter(({ status }) => status === 'completed').length;
    const current =
      entries.find(({ status }) => status === 'in_progress') ?? entries.find(({ status }) => status !== 'completed');
    this.step = current
      ? `Step ${Math.min(done + 1, entries.length)} of ${entries.length}: ${flat(current.content)}`
      : '';
    this.percentDone = entries.length > 0 ? Math.round((done / entries.length) * 100) : undefined;
  }

  private takeTool(id: string, title: string | null | undefined, status: string | null | undefined): void {
    const name = flat(title ?? '') || this.titles.get(id) || 'Using a tool';
    if (this.titles.size >= MAX_TITLES) {
      this.titles.clear();
    }
    this.titles.set(id, name);
    this.tool = status === 'failed' ? `${name} (failed)` : name;
    this.thought = '';
  }
}

function todosOf(input: unknown): readonly PlanEntry[] {
  const { todos } = (input ?? {}) as { readonly todos?: unknown };
  return Array.isArray(todos) && todos.every(isPlanEntry) ? todos : [];
}

function isPlanEntry(entry: unknown): entry is PlanEntry {
  const { content, status } = (entry ?? {}) as Partial<PlanEntry>;
  return typeof content === 'string' && typeof status === 'string';
}

function textOf(content: { readonly type: string; readonly text?: string }): string {
  return content.type === 'text' ? (content.text ?? '') : '';
}

const kept = (text: string): string => text.slice(-MAX_KEPT);

function lastLine(text: string): string {
  return flat(text.trim().split('\n').at(-1) ?? '');
}

function flat(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
}
