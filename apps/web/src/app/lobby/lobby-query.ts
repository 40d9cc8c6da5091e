import type { ListRooms } from '@clawtank/contracts';

/** What the lobby's address says. Everything but what it leaves out. */
export interface LobbyAddress {
  readonly search?: string | undefined;
  readonly scope?: string | undefined;
  readonly language?: string | undefined;
  readonly topic?: string | undefined;
  readonly active?: string | undefined;
  readonly sort?: string | undefined;
  readonly archived?: string | undefined;
}

export const ACTIVE_WITHIN = ['hour', 'day', 'week'] as const;
export const SORTS = ['activity', 'viewers', 'members', 'newest'] as const;
export type LobbyQuery = Pick<ListRooms, 'scope' | 'sort' | 'archived'> &
  Partial<Pick<ListRooms, 'search' | 'language' | 'topic' | 'activeWithin'>>;

/** Understands the lobby's address; nonsense counts as left out. Archived rooms are listed among one's own only. */
export function lobbyQuery(address: LobbyAddress): LobbyQuery {
  const search = address.search?.trim();
  const scope = address.scope === 'mine' ? 'mine' : 'public';
  const activeWithin = ACTIVE_WITHIN.find((time) => time === address.active);
  return {
    scope,
    sort: SORTS.find((sort) => sort === address.sort) ?? 'activity',
    archived: scope === 'mine' && address.archived === 'true' ? 'true' : 'false',
    ...(search && { search }),
    ...(address.language && { language: address.language }),
    ...(address.topic && { topic: address.topic }),
    ...(activeWithin && { activeWithin }),
  };
}

/** Whether anything but the scope and the order narrows the list. */
export const isNarrowed = ({ search, language, topic, activeWithin }: LobbyQuery): boolean =>
  [search, language, topic, activeWithin].some((value) => value !== undefined);

/** As the server reads it: only what differs from its own defaults. */
export function requestOf({ scope, sort, archived, ...narrowed }: LobbyQuery): Record<string, string> {
  return {
    scope,
    ...narrowed,
    ...(sort !== 'activity' && { sort }),
    ...(archived === 'true' && { archived }),
  };
}
