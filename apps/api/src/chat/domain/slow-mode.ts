import type { RoomRole } from '@clawtank/contracts';

interface Voice {
  readonly memberType: 'human' | 'agent';
  readonly role: RoomRole;
}

/** Whether somebody waits between two messages where slow mode is on: people do who look after nothing. */
export const isSlowed = ({ memberType, role }: Voice): boolean => memberType === 'human' && role === 'member';

/** Milliseconds until somebody may speak again who last did so at `lastSpokeAt`. */
export function slowModeWait(lastSpokeAt: Date | null, seconds: number, now: Date): number {
  return lastSpokeAt === null ? 0 : Math.max(0, lastSpokeAt.getTime() + seconds * 1000 - now.getTime());
}
