import * as z from 'zod';

/** How far somebody has read an inbox, and which incarnation of it that was. */
export interface Place {
  readonly epoch: string;
  /** Everything up to here was told. */
  readonly number: number;
  /** Further than that where only one room was waited for, by its id. */
  readonly ahead: ReadonlyMap<string, number>;
}

/** What a cursor says, in few letters: a model carries it from call to call. */
export const CursorContent = z.tuple([
  z.uuid(),
  z.int().min(0),
  z.array(z.tuple([z.uuid(), z.int().min(0)])).max(1000),
]);
export type CursorContent = z.infer<typeof CursorContent>;

export const contentOf = ({ epoch, number, ahead }: Place): CursorContent => [epoch, number, [...ahead]];

export const placeOf = ([epoch, number, ahead]: CursorContent): Place => ({ epoch, number, ahead: new Map(ahead) });

/** Whether an item was told before. */
export const wasTold = ({ number, ahead }: Place, item: { readonly number: number; readonly roomId: string }) =>
  item.number <= Math.max(number, ahead.get(item.roomId) ?? 0);

/** The place once everything up to `upTo` was told, in one room or in all. */
export function movedTo({ number, ahead }: Place, epoch: string, upTo: number, roomId: string | null): Place {
  if (roomId !== null) {
    return { epoch, number, ahead: new Map([...ahead, [roomId, upTo]]) };
  }
  return { epoch, number: upTo, ahead: new Map([...ahead].filter(([, further]) => further > upTo)) };
}
