import { ONLY_ACCOUNT } from '../channel.js';

/** Where something is said: in a room, to one member of it alone, or about a task, which has a conversation of its own with the agent. */
export type Target =
  | { readonly kind: 'room'; readonly roomId: string }
  | { readonly kind: 'direct'; readonly roomId: string; readonly memberId: string }
  | { readonly kind: 'task'; readonly roomId: string; readonly taskId: string };

const ID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const AS = '(?::as:([a-z0-9][a-z0-9_-]*))?';
const TARGET = new RegExp(`^(?:clawtank:)?(?:(room):(${ID})|(direct|task):(${ID}):(${ID}))${AS}$`, 'i');
const SESSION = new RegExp(`:clawtank:[a-z]+:((?:room|direct|task):${ID}(?::${ID})?)${AS}(?::|$)`, 'i');

/** Which conversation a session of OpenClaw's is, and whose. */
export interface Conversation {
  readonly target: Target;
  readonly accountId: string;
}

/** Reads a target as `formatTarget` writes it; null if it is none. A room's id alone is a room. */
export function parseTarget(text: string): Target | null {
  const words = text.trim().toLowerCase();
  const [, room, roomId, kind, room2, other] = TARGET.exec(words) ?? TARGET.exec(`room:${words}`) ?? [];
  if (room && roomId) {
    return { kind: 'room', roomId };
  }
  if (!room2 || !other) {
    return null;
  }
  return kind === 'task' ? { kind, roomId: room2, taskId: other } : { kind: 'direct', roomId: room2, memberId: other };
}

export function formatTarget(target: Target): string {
  switch (target.kind) {
    case 'room':
      return `room:${target.roomId}`;
    case 'direct':
      return `direct:${target.roomId}:${target.memberId}`;
    case 'task':
      return `task:${target.roomId}:${target.taskId}`;
  }
}

/** What OpenClaw knows a conversation by: two agents of one gateway have one each, also in the same room. */
export const conversationId = (target: Target, accountId: string): string =>
  accountId === ONLY_ACCOUNT ? formatTarget(target) : `${formatTarget(target)}:as:${accountId}`;

/** Where a session of OpenClaw's belongs; null if it is none of this channel's. */
export function conversationOfSession(sessionKey: string | undefined): Conversation | null {
  const [, words = '', accountId = ONLY_ACCOUNT] = SESSION.exec(sessionKey ?? '') ?? [];
  const target = parseTarget(words);
  return target && { target, accountId: accountId.toLowerCase() };
}
