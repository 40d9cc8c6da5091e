import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { JsonFile } from './json-file.js';

describe('a document on this machine', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'clawtank-json-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is new once, and then what was kept last', async () => {
    const path = join(folder, 'deeper', 'file.json');
    const first = await JsonFile.open(path, { n: 0 });
    expect([first.isNew, first.content]).toEqual([true, { n: 0 }]);
    await Promise.all([1, 2, 3].map((n) => first.keep({ n })));
    const second = await JsonFile.open(path, { n: 0 });
    expect([second.isNew, second.content]).toEqual([false, { n: 3 }]);
    expect(readdirSync(join(folder, 'deeper'))).toEqual(['file.json']);
  });

  it('is on the disk once keeping it has resolved', async () => {
    const path = join(folder, 'file.json');
    const file = await JsonFile.open(path, 0);
    const early = file.keep(1);
    const late = file.keep(2);
    await early;
    await file.keep(3);
    expect(readFileSync(path, 'utf8')).toBe('3');
    await late;
  });

  it('is not replaced by an empty one when it cannot be read', async () => {
    const path = join(folder, 'file.json');
    writeFileSync(path, '{ half');
    await expect(JsonFile.open(path, {})).rejects.toThrow(SyntaxError);
  });
});
