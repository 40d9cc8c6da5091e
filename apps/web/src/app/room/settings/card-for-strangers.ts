import type { RoomCard, RoomState } from '@clawtank/contracts';

const SLOTS = 12;
const SLOT = 5 * 60_000;

/** The room's card in the lobby, as somebody without a seat has it; made of what a member knows, so of the same words. */
export function cardForStrangers(
  { room, members, activity }: RoomState,
  entries: readonly { readonly timestamp: string }[],
  viewers: number,
  now: number,
): RoomCard {
  const { id, name, description, language, topics, archivedAt, createdAt } = room;
  const people = members.filter(({ type }) => type === 'human').length;
  const merged = activity.findLast((event) => event.type === 'git.pr_merged');
  return {
    ...{ id, name, description, language, topics, archivedAt, createdAt, viewers },
    visibility: 'public',
    memberCount: people,
    agentCount: members.length - people,
    lastActivityAt: entries.at(-1)?.timestamp ?? createdAt,
    pulse: pulseOf(entries, now),
    lastMerged: merged?.data.pullRequest.title ?? null,
    joined: false,
    maxMembers: room.settings.maxMembers,
  };
}

function pulseOf(entries: readonly { readonly timestamp: string }[], now: number): number[] {
  const pulse = Array.from({ length: SLOTS }, () => 0);
  for (const { timestamp } of entries) {
    const slot = SLOTS - 1 - Math.floor(Math.max(now - Date.parse(timestamp), 0) / SLOT);
    if (slot >= 0) {
      pulse[slot] = (pulse[slot] ?? 0) + 1;
    }
  }
  return pulse;
}
