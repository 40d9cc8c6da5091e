import { CommandId, type Reply, type ReplyError } from '@clawtank/contracts';
import * as z from 'zod';
import type { Agents } from '../../agents/index.js';
import type { AgentCaller } from '../../platform/caller.js';
import type { CommandDispatcher } from '../../platform/sockets/command-dispatcher.js';
import type { RoomReader } from '../room-reader.js';
import type { EventWaits } from '../waits/event-waits.js';

/** What tools work with. */
export interface Desk {
  readonly agents: Agents;
  readonly commands: CommandDispatcher;
  readonly rooms: RoomReader;
  readonly waits: EventWaits;
  /** For how long a lease holds after it was given or renewed. */
  readonly leaseSeconds: number;
}

/** One call of a tool. */
export interface Call {
  readonly caller: AgentCaller;
  /** Aborted once nobody is there to be answered. */
  readonly gone: AbortSignal;
}

/** Every tool says all four, so that no client has to ask a model what it does. All of them act on the rooms of this server alone. */
export interface Annotations {
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  readonly openWorldHint: false;
}

export const READS: Annotations = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
};
/** Changes something, once for each key. */
export const CHANGES: Annotations = { ...READS, readOnlyHint: false };
/** Ends something for everybody. */
export const ENDS: Annotations = { ...CHANGES, destructiveHint: true };

/** Why a tool did not do it, as all tools say it. */
export const Failure = z.object({
  error: z.string().describe('A code such as `lease_lost`, for programs; it never changes.'),
  message: z.string().describe('For whoever reads it.'),
  retryAfter: z.int().optional().describe('Milliseconds after which asking again makes sense.'),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  cancelRequested: z.boolean().optional().describe('True if somebody cancelled the task: stop working on it.'),
});
export type Failure = z.infer<typeof Failure>;

export interface Failed {
  readonly ok: false;
  readonly failure: Failure;
}
export type Answer<Data> = { readonly ok: true; readonly data: Data } | Failed;

export interface Tool<Input extends z.ZodObject, Output extends z.ZodObject> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly annotations: Annotations;
  readonly input: Input;
  readonly output: Output;
  run(desk: Desk, call: Call, request: z.output<Input>): Promise<Answer<z.input<Output>>>;
}

/** A tool whatever it takes and answers; `run` is given what its `input` has read. */
export type AnyTool = Omit<Tool<z.ZodObject, z.ZodObject>, 'run'> & {
  run(desk: Desk, call: Call, request: unknown): Promise<Answer<unknown>>;
};

export const tool = <Input extends z.ZodObject, Output extends z.ZodObject>(definition: Tool<Input, Output>): AnyTool =>
  definition;

export const succeeded = <Data>(data: Data): Answer<Data> => ({ ok: true, data });

export const failureOf = ({ code, message, retryAfter, errors }: ReplyError): Failure => ({
  error: code,
  message,
  ...(retryAfter !== undefined && { retryAfter: Math.ceil(retryAfter) }),
  ...(errors && { errors: [...errors] }),
});

/** What a reply comes to, with what it carries in the words of a tool. */
export async function answerOf<Data, Told>(
  reply: Reply<Data>,
  tell: (data: Data) => Told | Promise<Told>,
): Promise<Answer<Told>> {
  return reply.ok ? succeeded(await tell(reply.data)) : { ok: false, failure: failureOf(reply.error) };
}

const Key = CommandId.describe(
  'A name of your own for this one act, 8 characters or more. Use the same one to try again: then it happens once.',
);

/** The request of a command as a tool takes it: strictly, and with a key in place of the command’s id. */
export const keyed = <Shape extends z.core.$ZodShape>({ shape }: z.ZodObject<Shape>) =>
  z.strictObject({ ...shape, idempotencyKey: Key });

/** The other way round. */
export const commandOf = <Request extends { readonly idempotencyKey: string }>({
  idempotencyKey,
  ...request
}: Request) => ({
  ...request,
  commandId: idempotencyKey,
});
