import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Cursors } from './cursors.js';
import { Inbox } from './inbox.js';

interface Said {
  readonly seq: number;
}

describe('an inbox', () => {
  let folder: string;
  let cursors: Cursors;
  let dealtWith: number[];
  let reports: string[];
  let stopping: AbortController;
  let log: Said[];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'clawtank-inbox-'));
    cursors = await Cursors.open(join(folder, 'cursors.json'));
    dealtWith = [];
    reports = [];
    log = [];
    stopping = new AbortController();
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const inbox = (handle: (message: Said) => Promise<void> = async () => undefined) =>
    new Inbox<Said>({
      conversation: 'room:a',
      cursors,
      // A page of two.
      fetch: async (after) => (after === null ? log.slice(-2) : log.filter(({ seq }) => seq > after).slice(0, 2)),
      handle: async (message) => {
        dealtWith.push(message.seq);
        await handle(message);
      },
      report: (doing) => reports.push(doing),
      signal: stopping.signal,
    });

  const said = (...seqs: number[]): void => void log.push(...seqs.map((seq) => ({ seq })));

  it('deals with one message to the end before the next', async () => {
    let isBusy = false;
    const box = inbox(async () => {
      expect(isBusy).toBe(false);
      isBusy = true;
      await new Promise((resolve) => setTimeout(resolve, 5));
      isBusy = false;
    });
    [1, 2, 3].forEach((seq) => box.hear({ seq }));
    await box.idle();
    expect([dealtWith, reports, cursors.of('room:a')]).toEqual([[1, 2, 3], [], 3]);
  });

  it('fetches what it missed first, page by page, and takes nothing twice', async () => {
    await cursors.advance('room:a', 2);
    said(1, 2, 3, 5, 6, 8, 9);
    const box = inbox();
    box.catchUp();
    box.hear({ seq: 8 });
    box.hear({ seq: 9 });
    box.hear({ seq: 11 });
    await box.idle();
    expect(dealtWith).toEqual([3, 5, 6, 8, 9, 11]);
  });

  it('looks at the newest page alone where it never listened', async () => {
    said(1, 2, 3, 4);
    const box = inbox();
    box.catchUp();
    await box.idle();
    expect(dealtWith).toEqual([3, 4]);
  });

  it('begins after what was said before it was there', async () => {
    said(1, 2, 3);
    const box = inbox();
    box.startAfter(3);
    box.catchUp();
    await box.idle();
    expect([dealtWith, cursors.of('room:a')]).toEqual([[], 3]);
  });

  it('deals again with what it had not come to the end of when it was stopped', async () => {
    const box = inbox(async ({ seq }) => (seq === 2 ? stopping.abort() : undefined));
    [1, 2, 3].forEach((seq) => box.hear({ seq }));
    await box.idle();
    expect(dealtWith).toEqual([1, 2]);
    const again = await Cursors.open(join(folder, 'cursors.json'));
    expect(again.of('room:a')).toBe(1);
  });

  it('tries again what failed, and lets later messages wait for it', async () => {
    let failures = 1;
    const box = inbox(async () => {
      if (failures-- > 0) {
        throw new Error('not now');
      }
    });
    box.hear({ seq: 1 });
    box.hear({ seq: 2 });
    await box.idle();
    expect([dealtWith, reports]).toEqual([[1, 1, 2], ['answering a message']]);
  });

  it('does not pass over what it cannot fetch yet', async () => {
    said(1);
    let isDown = true;
    const box = new Inbox<Said>({
      conversation: 'room:a',
      cursors,
      fetch: async () => {
        if (isDown) {
          isDown = false;
          throw new Error('down');
        }
        return log.filter(({ seq }) => seq > (cursors.of('room:a') ?? 0));
      },
      handle: async ({ seq }) => void dealtWith.push(seq),
      report: (doing) => reports.push(doing),
      signal: stopping.signal,
    });
    box.catchUp();
    box.hear({ seq: 2 });
    await box.idle();
    expect([dealtWith, reports]).toEqual([[1, 2], ['fetching what was missed']]);
  });
});
