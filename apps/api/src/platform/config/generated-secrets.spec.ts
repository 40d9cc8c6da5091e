import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generatedSecrets } from './generated-secrets.js';

describe('generated secrets', () => {
  const folder = mkdtempSync(join(tmpdir(), 'clawtank-secrets-'));
  let dataDir: string;
  beforeEach(() => {
    dataDir = mkdtempSync(join(folder, 'data-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('are made once and stay the same', () => {
    const first = generatedSecrets(join(dataDir, 'not', 'there', 'yet'));
    expect(first.encryptionKey).toMatch(/^[0-9a-f]{64}$/);
    expect(generatedSecrets(join(dataDir, 'not', 'there', 'yet'))).toEqual(first);
  });

  it('can be read by their owner only', () => {
    generatedSecrets(dataDir);
    expect(readdirSync(dataDir)).toEqual(['secrets.json']);
    expect(statSync(join(dataDir, 'secrets.json')).mode & 0o777).toBe(0o600);
  });

  it('are never replaced because they cannot be read', () => {
    writeFileSync(join(dataDir, 'secrets.json'), '{"jwtSecret":');
    expect(() => generatedSecrets(dataDir)).toThrow(/secrets\.json is not readable.*restore it, or delete it/);
    expect(readdirSync(dataDir)).toEqual(['secrets.json']);
  });
});
