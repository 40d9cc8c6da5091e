import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { VERSION } from './version.js';

it('says the version under which it is published', () => {
  const manifest = JSON.parse(readFileSync('apps/bridge/package.json', 'utf8')) as { version: string };
  expect(VERSION).toBe(manifest.version);
});
