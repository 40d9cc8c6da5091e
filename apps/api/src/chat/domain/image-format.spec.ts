import { imageFormatOf, isDecodable } from './image-format.js';

const bytes = (text: string) => Buffer.from(text, 'latin1');

describe('imageFormatOf', () => {
  it.each([
    ['\x89PNG\r\n\x1a\n…', 'png'],
    ['\xff\xd8\xff\xe0…', 'jpeg'],
    ['GIF89a…', 'gif'],
    ['RIFF\x10\0\0\0WEBPVP8 ', 'webp'],
    ['RIFF\x10\0\0\0WAVEfmt ', null],
    ['<svg xmlns="http://www.w3.org/2000/svg"/>', null],
    ['<?xml version="1.0"?><svg/>', null],
    ['<html><script>alert(1)</script>', null],
    ['BM…', null],
    ['%PDF-1.7', null],
    ['\x89PN', null],
    ['', null],
  ])('recognises %j as %s', (text, format) => expect(imageFormatOf(bytes(text))).toBe(format));
});

describe('isDecodable', () => {
  it('takes the picture of a telephone', () => expect(isDecodable(8064, 6048, 1)).toBe(true));
  it('refuses few bytes that claim to be very many pixels', () => expect(isDecodable(60_000, 60_000, 1)).toBe(false));
  it('counts every frame', () => expect(isDecodable(1000, 1000, 51)).toBe(false));
  it('refuses what has no size', () => expect(isDecodable(0, 10, 1)).toBe(false));
});
