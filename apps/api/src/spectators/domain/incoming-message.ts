import { SpectatorConnect } from '@clawtank/contracts';
import * as z from 'zod';

/** Longer messages are not read. */
export const MAX_MESSAGE_LENGTH = 16 * 1024;

const Incoming = z.object({ type: z.string().max(60), data: z.unknown().optional() });

/** What a client may say, or why it could not be understood. */
export type Understood =
  | { readonly ok: true; readonly type: 'spectator.connect'; readonly data: SpectatorConnect }
  | { readonly ok: false; readonly why: string };

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

/** Reads an envelope. Its `id` and `timestamp` are the client's own affair. */
export function readEnvelope(envelope: unknown): Understood {
  const incoming = Incoming.safeParse(envelope);
  if (!incoming.success) {
    return { ok: false, why: 'Messages are JSON objects: { "type": …, "data": … }' };
  }
  if (incoming.data.type !== 'spectator.connect') {
    return { ok: false, why: 'Spectators may send: spectator.connect' };
  }
  const data = SpectatorConnect.safeParse(incoming.data.data ?? {});
  if (!data.success) {
    const [issue] = data.error.issues;
    return { ok: false, why: `data.${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}` };
  }
  return { ok: true, type: 'spectator.connect', data: data.data };
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
