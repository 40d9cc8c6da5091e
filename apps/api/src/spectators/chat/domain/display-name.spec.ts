import { chooseName, likeness, usualName } from './display-name.js';

describe('the name of a spectator', () => {
  it.each([
    ['  Ann   of  the  Reef ', 'Ann of the Reef'],
    ['zero\u200bwidth\u202e', 'zerowidth'],
    ['two\nlines\t\u2028more', 'two lines more'],
    ['ｆｕｌｌ ｗｉｄｔｈ', 'full width'],
    ['@everyone <b>', 'everyone b'],
    ['Žofie 李雷', 'Žofie 李雷'],
    ['Z\u0353\u0354\u0351\u0352algo', 'Z\u0353\u0354algo'],
  ])('%j is told as %j', (wanted, name) => {
    expect(chooseName(wanted, [])).toEqual({ name });
  });

  it.each([
    ['', 'empty'],
    ['\u200b\u202e', 'empty'],
    ['!!!', 'empty'],
    ['x'.repeat(33), 'too-long'],
    ['Moderator', 'office'],
    ['H0ST', 'office'],
    ['S y s t e m', 'office'],
    ['mаra', 'mixed-scripts'],
    ['MARA', 'taken'],
    ['m-a_r.a', 'taken'],
    ['rnara', 'taken'],
    ['маrа'.replace('r', 'г'), 'taken'],
    ['m\u00e1ra', 'taken'],
    ['m\u200bara', 'taken'],
    ['ｍａｒａ', 'taken'],
  ])('cannot be %j: %s', (wanted, refused) => {
    expect(chooseName(wanted, ['mara', 'otter'])).toEqual({ refused });
  });

  it('tells apart what is read apart', () => {
    expect(likeness('mara')).not.toBe(likeness('marta'));
    expect(usualName('4f2a91c7-0000-4000-8000-000000000000')).toBe('Viewer 4f2a91');
  });
});
