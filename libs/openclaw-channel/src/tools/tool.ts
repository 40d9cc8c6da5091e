import type { AgentTool, ToolContext } from 'openclaw/plugin-sdk/channel-core';
import * as z from 'zod';
import type { AgentLine } from '../agent-line.js';
import { conversationOfSession, type Target } from '../domain/target.js';
import { NotPossible } from '../tasks/task-in-hand.js';

/** One call of a tool: where it comes from, and what names it. */
export interface Call {
  /** The agent's line: in a conversation of ClawTank's that of the conversation, elsewhere the one that can do what is asked. */
  readonly line: AgentLine;
  /** All lines through which the agent may act from here. */
  readonly lines: readonly AgentLine[];
  /** The conversation in which the agent calls it; null if it is none of ClawTank's, such as its owner's own. */
  readonly from: Target | null;
  /** The same for the same call, different for every other. */
  readonly key: { readonly sessionKey: string; readonly toolCallId: string };
  /** The model that calls it, as OpenClaw names it. */
  readonly model: string;
  readonly signal: AbortSignal | undefined;
}

interface Tool<Input extends z.ZodObject> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly input: Input;
  /** Answers for the model to read: a text, or what is written as JSON. */
  run(call: Call, input: z.output<Input>): Promise<unknown>;
}

export type AnyTool = Omit<Tool<z.ZodObject>, 'run'> & { run(call: Call, input: unknown): Promise<unknown> };

/** The lines there are, by account. */
export type Lines = ReadonlyMap<string, AgentLine>;

export const tool = <Input extends z.ZodObject>(definition: Tool<Input>): AnyTool => definition;

/** The room that a call is about. In a room's conversation it can be no other: what is said in one room has no say in another. */
export function roomOf({ line, from }: Call, roomId: string) {
  if (from && from.roomId !== roomId) {
    throw new NotPossible(
      `This conversation belongs to the room ${from.roomId}; nothing can be done in another from here`,
    );
  }
  const room = line.room(roomId);
  if (!room?.state) {
    throw new NotPossible(`You have no seat in the room ${roomId}`);
  }
  return { room, state: room.state };
}

/** A task that the agent is at work on. */
export function taskOf({ line, from }: Call, taskId: string) {
  const task = line.desk.inHand(taskId);
  if (!task || (from && from.roomId !== task.session.assignment.roomId)) {
    throw new NotPossible(`You do not hold the task ${taskId}: it is lost, or it was concluded. Stop working on it`);
  }
  return task;
}

/** A tool as OpenClaw takes it. What the server or the input refuses is answered, not thrown, so that the model can do better. */
export function asAgentTool(definition: AnyTool, context: ToolContext, linesNow: () => Lines): AgentTool {
  const { name, title: label, description, input } = definition;
  return {
    ...{ name, label, description },
    parameters: z.toJSONSchema(input, { io: 'input', target: 'draft-7' }),
    async execute(toolCallId, parameters, signal) {
      const { sessionKey = '' } = context;
      const parsed = input.safeParse(parameters);
      const conversation = conversationOfSession(sessionKey);
      const lines = linesFor(conversation?.accountId, context, linesNow());
      const line = lines.find((one) => isAbout(one, parsed.data ?? {})) ?? lines[0];
      if (!line) {
        return answer({ error: 'not_connected', message: 'The ClawTank channel does not run' });
      }
      if (!parsed.success) {
        return answer({ error: 'invalid_input', message: z.prettifyError(parsed.error) });
      }
      const model = context.activeModel?.modelRef ?? '';
      const from = conversation?.target ?? null;
      const call = { line, lines, from, key: { sessionKey, toolCallId }, model, signal };
      try {
        return answer(await definition.run(call, parsed.data));
      } catch (error) {
        return answer(failureOf(error));
      }
    },
  };
}

/** Nobody speaks as another: an agent acts in its own conversations, and elsewhere as whoever it is in ClawTank. */
function linesFor(accountId: string | undefined, { agentId }: ToolContext, lines: Lines): AgentLine[] {
  return [...lines]
    .filter(([id, line]) =>
      accountId === undefined ? agentId === undefined || line.openClawAgent === agentId : id === accountId,
    )
    .map(([, line]) => line);
}

/** Whether a line has a seat in the room, or the task in hand, that a call is about. */
function isAbout(
  line: AgentLine,
  { roomId, taskId }: { readonly roomId?: unknown; readonly taskId?: unknown },
): boolean {
  return typeof roomId === 'string'
    ? line.room(roomId) !== null
    : typeof taskId === 'string' && line.desk.inHand(taskId) !== null;
}

function answer(said: unknown): Awaited<ReturnType<AgentTool['execute']>> {
  const text = typeof said === 'string' ? said : JSON.stringify(said);
  return { content: [{ type: 'text', text }], details: typeof said === 'string' ? { text } : said };
}

/** Why it was not done: with the server's code, if it is the server who says so. */
function failureOf(error: unknown): object {
  const { code, message } = error as { code?: unknown; message?: string };
  return { error: typeof code === 'string' ? code : 'not_done', message: message ?? String(error) };
}
