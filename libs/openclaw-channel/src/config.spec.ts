import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { accountIds, accountOf, AccountSettings, defaultAccountId, Settings, withSettings } from './config.js';
import { TOOL_NAMES } from './tools/index.js';

const SERVER = 'https://clawtank.example';
const at = (clawtank: object) => ({ channels: { clawtank } });

interface Manifest {
  readonly contracts: { readonly tools: readonly string[] };
  readonly channelConfigs: {
    readonly clawtank: {
      readonly schema: {
        readonly properties: Readonly<Record<string, unknown>> & {
          readonly repositories: {
            readonly propertyNames: unknown;
            readonly additionalProperties: { readonly pattern: string };
          };
          readonly accounts: {
            readonly additionalProperties: { readonly properties: Readonly<Record<string, unknown>> };
          };
        };
      };
      readonly uiHints: Readonly<Record<string, { readonly sensitive?: boolean }>>;
    };
  };
}

const manifest = (): Manifest =>
  JSON.parse(readFileSync('libs/openclaw-channel/openclaw.plugin.json', 'utf8')) as Manifest;

describe('the settings', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'clawtank-config-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('let only the owner set the agent to work, and only by its name, unless they say otherwise', () => {
    const account = accountOf(at({ serverUrl: SERVER, token: 'secret' }), 'default', {});
    expect(account).toMatchObject({ isEnabled: true, allowFrom: ['owner'], requireMention: true, rooms: null });
    expect(account.access).toEqual({ server: new URL(SERVER), token: 'secret' });
  });

  it('may name a file with the token, or leave it to the environment', () => {
    const tokenFile = join(folder, 'token');
    writeFileSync(tokenFile, 'from-file\n');
    const tokenOf = (settings: object, environment = {}) =>
      accountOf(at({ serverUrl: SERVER, ...settings }), 'default', environment).access?.token;
    expect(tokenOf({ tokenFile }, { CLAWTANK_TOKEN: 'from-environment' })).toBe('from-file');
    expect(tokenOf({}, { CLAWTANK_TOKEN: 'from-environment' })).toBe('from-environment');
    expect(tokenOf({ tokenFile: join(folder, 'none') }, { CLAWTANK_TOKEN: 'another' })).toBeUndefined();
  });

  it.each([{}, { serverUrl: SERVER }, { token: 'secret' }])('say too little to connect: %j', (settings) => {
    expect(accountOf(at(settings), 'default', {}).access).toBeNull();
  });

  it('are changed without losing what is not ours, or what is not named', () => {
    const cfg = { gateway: 1, ...at({ allowFrom: ['*'], token: 'old' }) };
    expect(withSettings(cfg, 'default', { token: 'new', url: 'not a setting' })).toEqual({
      gateway: 1,
      channels: { clawtank: { enabled: true, allowFrom: ['*'], token: 'new' } },
    });
  });

  it('tell a token that cannot be had now from none', () => {
    const token = { source: 'env', provider: 'default', id: 'CLAWTANK_AGENT' };
    const unresolved = accountOf(at({ serverUrl: SERVER, token }), 'default', { CLAWTANK_TOKEN: 'another' });
    expect(unresolved).toMatchObject({ access: null, tokenStatus: 'configured_unavailable' });
    expect(accountOf(at({ serverUrl: SERVER }), 'default', {}).tokenStatus).toBe('missing');
  });

  describe('of several agents', () => {
    const cfg = at({
      ...{ serverUrl: SERVER, allowFrom: ['*'] },
      accounts: { day: { token: 'sun' }, night: { token: 'moon', allowFrom: ['owner'], enabled: false }, dusk: {} },
    });

    it('hold for each that does not say otherwise', () => {
      expect(accountIds(cfg)).toEqual(['day', 'night', 'dusk']);
      expect(accountOf(cfg, 'day', {})).toMatchObject({
        ...{ accountId: 'day', isEnabled: true, allowFrom: ['*'] },
        access: { server: new URL(SERVER), token: 'sun' },
      });
      expect(accountOf(cfg, 'night', {})).toMatchObject({ isEnabled: false, allowFrom: ['owner'] });
    });

    it('leave none of them the token of the environment', () => {
      expect(accountOf(cfg, 'dusk', { CLAWTANK_TOKEN: 'moon' }).tokenStatus).toBe('missing');
    });

    it('say which of them is meant where none is named', () => {
      expect(defaultAccountId(cfg)).toBe('day');
      expect(defaultAccountId(at({ ...cfg.channels.clawtank, defaultAccount: 'night' }))).toBe('night');
      expect(defaultAccountId(at({ accounts: { day: {}, default: {} } }))).toBe('default');
      expect(accountIds({ channels: {} })).toEqual([]);
    });

    it('are changed one by one', () => {
      expect(withSettings(at({ accounts: { day: { token: 'sun' } } }), 'night', { token: 'moon' })).toEqual(
        at({ enabled: true, accounts: { day: { token: 'sun' }, night: { token: 'moon' } } }),
      );
    });
  });

  describe('of repositories elsewhere', () => {
    const REEF = '0191d5b0-0000-7000-8000-00000000000a';
    const LAGOON = '0191d5b0-0000-7000-8000-00000000000b';
    const own = 'git@github.com:octo/tank.git';

    it('say for each room by which address its owner’s git pushes, and how to say it of another', () => {
      const account = accountOf(at({ repositories: { [REEF.toUpperCase()]: own } }), 'default', {});
      expect(account.repositoriesOf(REEF).addresses).toEqual([own]);
      expect(account.repositoriesOf(LAGOON).addresses).toEqual([]);
      expect(account.repositoriesOf(LAGOON).toName('https://github.com/octo/lagoon.git')).toBe(
        `"repositories": {"${LAGOON}": "https://github.com/octo/lagoon.git"} in channels.clawtank of OpenClaw’s configuration`,
      );
    });

    it.each([
      [own, true],
      ['https://github.com/octo/tank', true],
      ['ssh://git@github.com/octo/tank', true],
      ['work-account:octo/tank', true],
      ['/srv/mirrors/octo/tank.git', true],
      ['https://octo:secret@github.com/octo/tank', false],
      ['octo/tank', false],
      ['../tank', false],
      ['ext::sh -c whoami', false],
      ['--upload-pack=touch', false],
      ['-oProxyCommand=touch:octo/tank', false],
      ['', false],
    ])('are addresses without a password, to the plugin and to its manifest: %j is one, %s', (address, is) => {
      const { propertyNames, additionalProperties } = manifest().channelConfigs.clawtank.schema.properties.repositories;
      expect(propertyNames).toEqual({ format: 'uuid' });
      expect(new RegExp(additionalProperties.pattern, 'u').test(address)).toBe(is);
      expect(Settings.safeParse({ repositories: { [REEF]: address } }).success).toBe(is);
    });
  });

  it('and the tools are the ones that the manifest declares', () => {
    const { contracts, channelConfigs } = manifest();
    const { schema, uiHints } = channelConfigs.clawtank;
    expect(Object.keys(schema.properties).sort()).toEqual(Object.keys(Settings.shape).sort());
    expect(Object.keys(schema.properties.accounts.additionalProperties.properties).sort()).toEqual(
      Object.keys(AccountSettings.shape).sort(),
    );
    expect(uiHints['accounts.*.token']?.sensitive).toBe(true);
    expect(uiHints['token']?.sensitive).toBe(true);
    expect([...contracts.tools].sort()).toEqual([...TOOL_NAMES].sort());
  });
});
