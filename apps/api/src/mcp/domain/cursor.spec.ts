import { contentOf, CursorContent, movedTo, type Place, placeOf, wasTold } from './cursor.js';

const ROOM = '0352a8c1-ad59-4e2f-84ee-5de255ad9927';
const OTHER = '1352a8c1-ad59-4e2f-84ee-5de255ad9927';
const EPOCH = '6985a59c-2a5b-4f2e-9a51-1d1c9a7b7c11';
const place: Place = { epoch: EPOCH, number: 7, ahead: new Map([[ROOM, 9]]) };

describe('a cursor', () => {
  it('says where its reader was, and in which inbox', () => {
    expect(placeOf(CursorContent.parse(contentOf(place)))).toEqual(place);
  });

  it('tells what was told, also where a room was read further than the others', () => {
    expect(wasTold(place, { number: 7, roomId: OTHER })).toBe(true);
    expect(wasTold(place, { number: 8, roomId: OTHER })).toBe(false);
    expect(wasTold(place, { number: 9, roomId: ROOM })).toBe(true);
    expect(wasTold(place, { number: 10, roomId: ROOM })).toBe(false);
  });

  it('moves in one room without passing over the others, and forgets that once all have come as far', () => {
    expect(movedTo(place, EPOCH, 12, OTHER)).toEqual({ ...place, ahead: new Map([...place.ahead, [OTHER, 12]]) });
    expect(movedTo(place, EPOCH, 8, null)).toEqual({ ...place, number: 8 });
    expect(movedTo(place, EPOCH, 9, null)).toEqual({ epoch: EPOCH, number: 9, ahead: new Map() });
  });

  it.each([
    ['a place before the beginning', [EPOCH, -1, []]],
    ['half a place', [EPOCH, 1.5, []]],
    ['a room that is none', [EPOCH, 1, [['lobby', 1]]]],
    ['something else', { roomId: ROOM }],
  ])('does not take %s for one', (_, content) => {
    expect(CursorContent.safeParse(content).success).toBe(false);
  });
});
