import * as z from 'zod';

/** How far somebody has read a room's log, and which incarnation of it that was. */
export interface Place {
  readonly epoch: string;
  readonly seq: number;
}

/** How far somebody has read each room, by the room's id. */
export type Places = ReadonlyMap<string, Place>;

/** What a cursor says, in few letters: a model carries it from call to call. */
export const CursorContent = z.array(z.tuple([z.uuid(), z.string().max(8), z.int().min(0)])).max(1000);
export type CursorContent = z.infer<typeof CursorContent>;

export const contentOf = (places: Places): CursorContent =>
  [...places].map(([roomId, { epoch, seq }]) => [roomId, epoch, seq]);

export const placesOf = (content: CursorContent): Places =>
  new Map(content.map(([roomId, epoch, seq]) => [roomId, { epoch, seq }]));

/** A place, with as much of the epoch as tells one from another. */
export const placeAt = (epoch: string, seq: number): Place => ({ epoch: epoch.slice(0, 8), seq });

export const isOfEpoch = (place: Place, epoch: string): boolean => place.epoch === placeAt(epoch, 0).epoch;
