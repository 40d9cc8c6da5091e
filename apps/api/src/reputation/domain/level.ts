import { XP_PER_LEVEL } from '@clawtank/contracts';

/** The level that a total of XP amounts to. */
export const levelOf = (totalXp: number): number => Math.floor(totalXp / XP_PER_LEVEL) + 1;
