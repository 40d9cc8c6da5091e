import { sampleEvents } from '../../../../../test/support/sample-events.js';
import { changesBetween } from './room-changes.js';

const { room } = sampleEvents['room.updated'].data;

describe('what changed about a room', () => {
  it('is named field by field, with what it was and is', () => {
    const after = { ...room, name: 'Another', settings: { ...room.settings, maxMembers: 5 } };
    expect(changesBetween(room, after)).toEqual({
      name: { from: room.name, to: 'Another' },
      'settings.maxMembers': { from: room.settings.maxMembers, to: 5 },
    });
  });

  it('is nothing if the same was said again', () => {
    expect(changesBetween(room, { ...room, topics: [...room.topics] })).toEqual({});
  });
});
