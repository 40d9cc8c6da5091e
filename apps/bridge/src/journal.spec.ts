import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Journal, type JournalEntry } from './journal.js';

const ENTRY: JournalEntry = {
  taskId: 't1',
  roomId: 'r1',
  leaseId: 'l1',
  fence: 3,
  branch: 'clawtank/7-crusty',
  folder: '/worktrees/7-3',
  start: 'a'.repeat(40),
  sessionId: 's1',
  process: { pid: 42, startedAt: '100' },
  result: null,
};

let folder: string;
let journal: Journal;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'clawtank-journal-'));
  journal = await Journal.open(folder);
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the journal', () => {
  it('gives another process what was written', async () => {
    await journal.write(ENTRY);
    await journal.write({ ...ENTRY, taskId: 't2' });
    const reopened = await Journal.open(folder);
    expect(reopened.entry('t1')).toEqual(ENTRY);
    expect(reopened.entries()).toHaveLength(2);
    expect(reopened.entry('t3')).toBeNull();
  });

  it('holds the newest entry of a task, readable by its owner alone', async () => {
    await journal.write(ENTRY);
    await journal.write({ ...ENTRY, sessionId: 's2' });
    expect(journal.entry('t1')?.sessionId).toBe('s2');
    expect(readdirSync(folder)).toEqual(['t1.json']);
    expect(statSync(join(folder, 't1.json')).mode & 0o777).toBe(0o600);
  });

  it('forgets, also what it does not know', async () => {
    await journal.write(ENTRY);
    await journal.forget('t1');
    await journal.forget('t1');
    expect(journal.entries()).toEqual([]);
  });

  it('does without what a crash left half written', async () => {
    await journal.write(ENTRY);
    writeFileSync(join(folder, 't2.json.new'), '{"taskId":');
    writeFileSync(join(folder, 't3.json'), '{"taskId":');
    expect(journal.entries()).toEqual([ENTRY]);
    expect(readdirSync(folder)).not.toContain('t3.json');
  });
});
