import { contentOf, CursorContent, isOfEpoch, placeAt, placesOf } from './cursor.js';

const ROOM = '0352a8c1-ad59-4e2f-84ee-5de255ad9927';
const EPOCH = '6985a59c-2a5b-4f2e-9a51-1d1c9a7b7c11';

describe('a cursor', () => {
  it('says where its reader was, and of which log', () => {
    const places = placesOf(CursorContent.parse(contentOf(new Map([[ROOM, placeAt(EPOCH, 7)]]))));
    expect([...places]).toEqual([[ROOM, placeAt(EPOCH, 7)]]);
    expect(isOfEpoch(places.get(ROOM)!, EPOCH)).toBe(true);
    expect(isOfEpoch(places.get(ROOM)!, ROOM)).toBe(false);
  });

  it.each([
    ['a place before the beginning', [[ROOM, 'abcdefgh', -1]]],
    ['half a place', [[ROOM, 'abcdefgh', 1.5]]],
    ['a room that is none', [['lobby', 'abcdefgh', 1]]],
    ['something else', { roomId: ROOM }],
  ])('does not take %s for one', (_, content) => {
    expect(CursorContent.safeParse(content).success).toBe(false);
  });
});
