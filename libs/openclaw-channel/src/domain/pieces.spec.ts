import { describe, expect, it } from '@jest/globals';
import { piecesOf } from './pieces.js';

describe('a text in pieces', () => {
  it('is one piece if it fits, and none if it says nothing', () => {
    expect(piecesOf('  hello\n', 5)).toEqual(['hello']);
    expect(piecesOf(' \n\0')).toEqual([]);
  });

  it('is broken between paragraphs, or else lines, or else words', () => {
    expect(piecesOf('aaaa bbb\n\nccc ddd', 12)).toEqual(['aaaa bbb', 'ccc ddd']);
    expect(piecesOf('aaaa bbb\nccc ddd', 12)).toEqual(['aaaa bbb', 'ccc ddd']);
    expect(piecesOf('aaaa bbb ccc', 10)).toEqual(['aaaa bbb', 'ccc']);
  });

  it('is broken anywhere if it has to be, but in no character', () => {
    expect(piecesOf('🦀'.repeat(5), 2)).toEqual(['🦀🦀', '🦀🦀', '🦀']);
  });

  it('loses nothing but the blanks at which it is broken', () => {
    const text = 'the quick brown fox\njumps over the lazy dog\n\nand over the moon '.repeat(7);
    for (const longest of [7, 10, 33]) {
      const pieces = piecesOf(text, longest);
      expect(pieces.every((piece) => [...piece].length <= longest)).toBe(true);
      expect(pieces.join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
    }
  });

  it('holds nothing that the server cannot store', () => {
    expect(piecesOf('a\0b\ud800c')).toEqual(['ab\ufffdc']);
  });
});
