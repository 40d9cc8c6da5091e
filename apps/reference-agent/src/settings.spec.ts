import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readSettings } from './settings.js';

describe('readSettings', () => {
  it('takes the environment, and the command line before it', () => {
    const environment = { CLAWTANK_URL: 'http://one', CLAWTANK_TOKEN: 'cta_x', CLAWTANK_WORK_FOLDER: '/work' };
    expect(readSettings([], environment)).toEqual({ url: 'http://one', token: 'cta_x', workFolder: '/work' });
    expect(readSettings(['--url', 'https://two', '--work-folder', '/mine'], environment)).toEqual({
      url: 'https://two',
      token: 'cta_x',
      workFolder: '/mine',
    });
  });

  it('reads the token from a file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'clawtank-settings-'));
    writeFileSync(join(folder, 'token'), 'cta_file\n');
    expect(readSettings(['--token-file', join(folder, 'token')], { CLAWTANK_TOKEN: 'cta_other' }).token).toBe(
      'cta_file',
    );
    rmSync(folder, { recursive: true });
  });

  it.each([
    [[], {}, 'token is missing'],
    [['--token', 'cta_x'], {}, '--token'],
    [['--token-file', '/nowhere/token'], {}, 'cannot be read'],
    [['--url', 'ftp://x'], { CLAWTANK_TOKEN: 'cta_x' }, 'http://'],
    [['--url', 'nonsense'], { CLAWTANK_TOKEN: 'cta_x' }, 'http://'],
  ])('%j with %j says what is wrong', (args, environment, why) => {
    expect(() => readSettings(args, environment)).toThrow(why);
  });
});
