import { PatchSplitter, type PatchLimits } from './patch-splitter.js';

const A = 'diff --git a/a b/a\n+one\n+two\n';
const B = 'diff --git a/b b/b\n+three\n';
const ROOMY: PatchLimits = { maxBytes: 1_000, maxFileBytes: 1_000 };

function split(text: string, limits: PatchLimits, chunkBytes = 7) {
  const splitter = new PatchSplitter(limits);
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    splitter.push(bytes.subarray(at, at + chunkBytes));
  }
  return { patches: splitter.patches(), isFull: splitter.isFull };
}

describe('PatchSplitter', () => {
  it.each([1, 7, 1_000])('cuts at the headers, however the bytes arrive (%i at a time)', (chunkBytes) => {
    expect(split(A + B, ROOMY, chunkBytes)).toEqual({
      patches: [
        { text: A, isTruncated: false },
        { text: B, isTruncated: false },
      ],
      isFull: false,
    });
  });

  it('takes no content for a header', () => {
    const tricky = `${A} diff --git a/x b/x\n-diff --git a/y b/y\n`;

    expect(split(tricky, ROOMY).patches).toEqual([{ text: tricky, isTruncated: false }]);
  });

  it('ends a long patch after its last whole line that fits, and goes on with the next file', () => {
    expect(split(A + B, { maxBytes: 1_000, maxFileBytes: A.length - 1 })).toEqual({
      patches: [
        { text: 'diff --git a/a b/a\n+one\n', isTruncated: true },
        { text: B, isTruncated: false },
      ],
      isFull: false,
    });
  });

  it('keeps nothing after what did not fit, even if it would', () => {
    const text = `diff --git a/a b/a\n+${'x'.repeat(100)}\n+y\n`;

    expect(split(text, { maxBytes: 1_000, maxFileBytes: 60 }).patches).toEqual([
      { text: 'diff --git a/a b/a\n', isTruncated: true },
    ]);
  });

  it('is full once all files together reach the limit', () => {
    expect(split(A + B, { maxBytes: A.length + 5, maxFileBytes: 1_000 })).toEqual({
      patches: [
        { text: A, isTruncated: false },
        { text: '', isTruncated: true },
      ],
      isFull: true,
    });
  });
});
