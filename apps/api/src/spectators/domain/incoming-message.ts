import { CommandId, SpectatorConnect, SpectatorSays } from '@clawtank/contracts';
import * as z from 'zod';

/** Longer messages are not read. */
export const MAX_MESSAGE_LENGTH = 16 * 1024;

const Incoming = z.object({ id: z.unknown().optional(), type: z.string().max(60), data: z.unknown().optional() });

/** What a client may say, or why it could not be understood. */
export type Understood =
  | { readonly ok: true; readonly type: 'spectator.connect'; readonly data: SpectatorConnect }
  | {
      readonly ok: true;
      readonly type: 'spectator.chat_message';
      readonly data: SpectatorSays;
      /** By which a repeat is recognised; null if the client gave none. */
      readonly requestId: string | null;
    }
  | { readonly ok: false; readonly why: string; readonly requestId?: string };

/** Reads a text frame of the plain WebSocket: an envelope as JSON. */
export function readFrame(text: string): Understood {
  if (text.length > MAX_MESSAGE_LENGTH) {
    return { ok: false, why: `A message may be ${MAX_MESSAGE_LENGTH} characters long at most` };
  }
  try {
    return readEnvelope(JSON.parse(text));
  } catch {
    return { ok: false, why: 'Messages are JSON objects: { "type": …, "data": … }' };
  }
}

/** Reads an envelope. Its `timestamp` is the client's own affair, and so is the `id` but for what it says in the chat. */
export function readEnvelope(envelope: unknown): Understood {
  const incoming = Incoming.safeParse(envelope);
  if (!incoming.success) {
    return { ok: false, why: 'Messages are JSON objects: { "type": …, "data": … }' };
  }
  switch (incoming.data.type) {
    case 'spectator.connect':
      return readConnect(incoming.data.data ?? {});
    case 'spectator.chat_message':
      return readSaying(incoming.data);
    default:
      return { ok: false, why: 'Spectators may send: spectator.connect, spectator.chat_message' };
  }
}

function readConnect(sent: unknown): Understood {
  const data = SpectatorConnect.safeParse(sent);
  return data.success
    ? { ok: true, type: 'spectator.connect', data: data.data }
    : { ok: false, why: fieldIn(data.error, 'data.') };
}

function readSaying({ id, data: sent }: z.infer<typeof Incoming>): Understood {
  const requestId = CommandId.nullish().safeParse(id);
  if (!requestId.success) {
    return { ok: false, why: fieldIn(requestId.error, 'id') };
  }
  const about = requestId.data ? { requestId: requestId.data } : {};
  const data = SpectatorSays.safeParse(sent ?? {});
  return data.success
    ? { ok: true, type: 'spectator.chat_message', data: data.data, requestId: requestId.data ?? null }
    : { ok: false, why: fieldIn(data.error, 'data.'), ...about };
}

function fieldIn({ issues: [issue] }: z.core.$ZodError, prefix: string): string {
  return `${prefix}${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`;
}

/** Where a client wants to go on. */
export interface Resume {
  readonly lastPublicSeq: number;
  readonly epoch: string;
}

export function resumeOf({ last_public_seq, epoch }: SpectatorConnect): Resume | null {
  return last_public_seq === undefined || epoch === undefined ? null : { lastPublicSeq: last_public_seq, epoch };
}

const ResumeQuery = z.object({
  last_public_seq: z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number),
  epoch: z.string().max(100),
});

/**
 * What a plain WebSocket's address says: the room, and where to go on. Nothing else of it is read: a token in an address
 * (`?auth=`) would end up in logs, so it is good for nothing here.
 */
export function readAddress(url: string): { roomId: string; connect: SpectatorConnect } | null {
  const [path = '', query = ''] = url.split('?', 2);
  const roomId = /^\/spectate\/([^/]+)$/.exec(path)?.[1];
  if (roomId === undefined) {
    return null;
  }
  const resume = ResumeQuery.safeParse(Object.fromEntries(new URLSearchParams(query)));
  return { roomId, connect: resume.success ? resume.data : {} };
}
