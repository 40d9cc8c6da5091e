/** By what a person's lines as a spectator of one room are cut, wherever they are open. */
export const spectatorTag = (roomId: string, userId: string): string => `spectator:${roomId}:${userId}`;
