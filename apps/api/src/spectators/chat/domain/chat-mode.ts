import type { Ability, SpectatorChatMode } from '@clawtank/contracts';

/** What of a room decides whether its spectators may talk. */
export interface Chatting {
  readonly visibility: 'public' | 'private';
  readonly archivedAt: Date | string | null;
  readonly settings: { readonly spectatorAllowed: boolean; readonly spectatorChat: SpectatorChatMode };
}

/** Whether spectators may talk beside the room right now. */
export const isOpen = ({ visibility, archivedAt, settings }: Chatting): boolean =>
  visibility === 'public' && settings.spectatorAllowed && archivedAt === null && settings.spectatorChat !== 'off';

/** Whether the spectators' chat is told to everybody in the room as it happens. */
export const isShownToMembers = (mode: SpectatorChatMode): boolean => mode === 'visible' || mode === 'interactive';

/** Whether somebody with these abilities may read the chat: whoever moderates may always. */
export const seesChat = (mode: SpectatorChatMode, abilities: readonly Ability[]): boolean =>
  isShownToMembers(mode) || abilities.includes('delete_any_message');
