import { confirmed, newOffer } from './receipt.js';

describe('the receipt of an offer', () => {
  const offer = newOffer('at 0');

  it('says nothing but that it was offered, at first', () =>
    expect(offer).toEqual({ offeredAt: 'at 0', deliveredAt: null, acknowledgedAt: null, wokenAt: null }));

  it('keeps when each step was first heard of', () => {
    const delivered = confirmed(offer, 'delivered', 'at 1');
    const acknowledged = confirmed(delivered, 'acknowledged', 'at 2');
    expect(confirmed(acknowledged, 'woken', 'at 3')).toEqual({
      offeredAt: 'at 0',
      deliveredAt: 'at 1',
      acknowledgedAt: 'at 2',
      wokenAt: 'at 3',
    });
  });

  it('takes the steps before as done', () =>
    expect(confirmed(offer, 'acknowledged', 'at 1')).toMatchObject({ deliveredAt: 'at 1', acknowledgedAt: 'at 1' }));

  it('is the same when nothing is new', () => {
    const acknowledged = confirmed(offer, 'acknowledged', 'at 1');
    expect(confirmed(acknowledged, 'delivered', 'at 2')).toBe(acknowledged);
  });
});
