import type { SpectatorAuthorType } from '@clawtank/contracts';

/** Who says something in the spectators' chat. */
export type Speaker =
  | { readonly type: 'anonymous'; readonly spectatorId: string }
  | { readonly type: 'registered' | 'member'; readonly userId: string; readonly name: string };

/** By what a speaker is recognised in a room, whichever connection they come by. */
export const speakerKey = (speaker: Speaker): string =>
  speaker.type === 'anonymous' ? `spectator:${speaker.spectatorId}` : `user:${speaker.userId}`;

/** What spectators are told in place of it. */
export const spectatorIdOf = (key: string): string => key.replace(':', '_');

/**
 * Whom a mute has to meet: an account, or else the spectator and where they came from, because without an account anybody is
 * somebody new at the next connection.
 */
export function muteSubjects(key: string, authorType: SpectatorAuthorType, origin: string | null): readonly string[] {
  return authorType === 'anonymous' && origin !== null ? [key, `origin:${origin}`] : [key];
}
