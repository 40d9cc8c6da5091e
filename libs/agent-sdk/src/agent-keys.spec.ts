import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parsePublicKey, verifySignature } from '@clawtank/ssh-signature';
import { AgentKeyStore } from './agent-keys.js';

let folder: string;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'clawtank-key-store-')), 'keys');
});
afterEach(() => rmSync(join(folder, '..'), { recursive: true }));

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

describe('the key store', () => {
  it('makes a key at first use and gives the same one from then on', async () => {
    const made = await new AgentKeyStore(folder).keyOf('agent-1');
    const again = await new AgentKeyStore(folder).keyOf('agent-1');
    expect(again.publicKey).toBe(made.publicKey);
    expect((await new AgentKeyStore(folder).keyOf('agent-2')).publicKey).not.toBe(made.publicKey);
  });

  it('keeps it for its owner’s eyes only, as ssh-keygen can read it', async () => {
    const key = await new AgentKeyStore(folder).keyOf('agent-1');
    expect([modeOf(folder), modeOf(join(folder, 'agent-1.key'))]).toEqual(['700', '600']);
    const told = execFileSync('ssh-keygen', ['-l', '-f', join(folder, 'agent-1.key')], { encoding: 'utf8' });
    expect(told).toContain(key.fingerprint);
  });

  it('makes one key for many who ask at once, and leaves nothing else behind', async () => {
    const keys = await Promise.all(Array.from({ length: 10 }, () => new AgentKeyStore(folder).keyOf('agent-1')));
    expect(new Set(keys.map(({ publicKey }) => publicKey)).size).toBe(1);
    expect(readdirSync(folder)).toEqual(['agent-1.key']);
  });

  it('signs for one purpose', async () => {
    const key = await new AgentKeyStore(folder).keyOf('agent-1');
    const keys = [parsePublicKey(key.publicKey)].filter((one) => one !== null);
    const signature = key.sign('clawtank-key:agent-1', 'clawtank');
    const judge = (namespace: string) => verifySignature(signature, 'clawtank-key:agent-1', { keys, namespace });
    expect(judge('clawtank').verdict).toBe('good');
    expect(judge('git').verdict).toBe('wrong_namespace');
  });

  it('neither uses nor overwrites a file that is no key', async () => {
    await new AgentKeyStore(folder).keyOf('agent-2');
    writeFileSync(join(folder, 'agent-1.key'), 'not a key');
    await expect(new AgentKeyStore(folder).keyOf('agent-1')).rejects.toThrow('is not an unencrypted OpenSSH');
  });

  it.each(['../agent', '', 'a/b', '.'])('takes no path for an id: %j', async (id) => {
    await expect(new AgentKeyStore(folder).keyOf(id)).rejects.toThrow('Not an agent');
  });
});
