import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { accountOf, Settings, withSettings } from './config.js';
import { TOOL_NAMES } from './tools/index.js';

const SERVER = 'https://clawtank.example';
const at = (clawtank: object) => ({ channels: { clawtank } });

interface Manifest {
  readonly contracts: { readonly tools: readonly string[] };
  readonly channelConfigs: {
    readonly clawtank: {
      readonly schema: { readonly properties: Readonly<Record<string, unknown>> };
      readonly uiHints: Readonly<Record<string, { readonly sensitive?: boolean }>>;
    };
  };
}

describe('the settings', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'clawtank-config-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('let only the owner set the agent to work, and only by its name, unless they say otherwise', () => {
    const account = accountOf(at({ serverUrl: SERVER, token: 'secret' }), {});
    expect(account).toMatchObject({ isEnabled: true, allowFrom: ['owner'], requireMention: true, rooms: null });
    expect(account.access).toEqual({ server: new URL(SERVER), token: 'secret' });
  });

  it('may name a file with the token, or leave it to the environment', () => {
    const tokenFile = join(folder, 'token');
    writeFileSync(tokenFile, 'from-file\n');
    const tokenOf = (settings: object, environment = {}) =>
      accountOf(at({ serverUrl: SERVER, ...settings }), environment).access?.token;
    expect(tokenOf({ tokenFile }, { CLAWTANK_TOKEN: 'from-environment' })).toBe('from-file');
    expect(tokenOf({}, { CLAWTANK_TOKEN: 'from-environment' })).toBe('from-environment');
    expect(tokenOf({ tokenFile: join(folder, 'none') })).toBeUndefined();
  });

  it.each([{}, { serverUrl: SERVER }, { token: 'secret' }])('say too little to connect: %j', (settings) => {
    expect(accountOf(at(settings), {}).access).toBeNull();
  });

  it('are changed without losing what is not ours, or what is not named', () => {
    const cfg = { gateway: 1, ...at({ allowFrom: ['*'], token: 'old' }) };
    expect(withSettings(cfg, { token: 'new', url: 'not a setting' })).toEqual({
      gateway: 1,
      channels: { clawtank: { enabled: true, allowFrom: ['*'], token: 'new' } },
    });
  });

  it('and the tools are the ones that the manifest declares', () => {
    const manifest = JSON.parse(readFileSync('libs/openclaw-channel/openclaw.plugin.json', 'utf8')) as Manifest;
    const { schema, uiHints } = manifest.channelConfigs.clawtank;
    expect(Object.keys(schema.properties).sort()).toEqual(Object.keys(Settings.shape).sort());
    expect(uiHints['token']?.sensitive).toBe(true);
    expect([...manifest.contracts.tools].sort()).toEqual([...TOOL_NAMES].sort());
  });
});
