import { readFileSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { isRepositoryAddress, type NamedRepositories } from '@clawtank/agent-work';
import type { OpenClawConfig } from 'openclaw/plugin-sdk/channel-core';
import * as z from 'zod';
import { CHANNEL, ONLY_ACCOUNT } from './channel.js';
import type { Audience } from './domain/attention.js';

/** Where OpenClaw finds a secret. It puts the secret itself in its place before it starts the channel. */
const SecretReference = z.object({
  source: z.enum(['env', 'file', 'exec', 'store']),
  provider: z.string(),
  id: z.string(),
});

/** By its whole path, if it is a folder: nobody knows where a gateway was started. */
const Repository = z
  .string()
  .refine((text) => isRepositoryAddress(text) && (isAbsolute(text) || /^[^/]+:/.test(text)), {
    error: 'Not the address of a repository, or one with a password in it',
  });

/** What is said of one agent; the manifest says the same in JSON Schema. */
export const AccountSettings = z.object({
  enabled: z.boolean().optional(),
  serverUrl: z.url().optional(),
  token: z.union([z.string(), SecretReference]).optional(),
  tokenFile: z.string().optional(),
  /** Who may set the agent to work. */
  allowFrom: z.array(z.string()).optional(),
  requireMention: z.boolean().optional(),
  /** Only these rooms; all in which the agent has a seat unless said otherwise. */
  rooms: z.array(z.uuid().toLowerCase()).optional(),
  /** By room, the repository elsewhere in which the agent works with its owner's own git credentials. */
  repositories: z.record(z.uuid().toLowerCase(), Repository).optional(),
});
type AccountSettings = z.infer<typeof AccountSettings>;

/** `channels.clawtank` in OpenClaw's configuration. What it says itself holds for all accounts that do not say otherwise. */
export const Settings = AccountSettings.extend({
  accounts: z.record(z.string(), AccountSettings).optional(),
  defaultAccount: z.string().optional(),
});
export type Settings = z.infer<typeof Settings>;

export interface Access {
  readonly server: URL;
  readonly token: string;
}

/** The agent of ClawTank that an OpenClaw agent is. */
export interface Account extends Audience {
  readonly accountId: string;
  readonly isEnabled: boolean;
  /** Null if the settings say too little to connect. */
  readonly access: Access | null;
  readonly tokenStatus: 'available' | 'configured_unavailable' | 'missing';
  readonly rooms: ReadonlySet<string> | null;
  repositoriesOf(roomId: string): NamedRepositories;
}

/** The accounts that the settings name: each is an agent of its own. */
export function accountIds(cfg: OpenClawConfig): string[] {
  if (!cfg.channels?.[CHANNEL]) {
    return [];
  }
  const named = Object.keys(settingsIn(cfg).accounts ?? {});
  return named.length > 0 ? named : [ONLY_ACCOUNT];
}

/** The account that is meant where none is named. */
export function defaultAccountId(cfg: OpenClawConfig): string {
  const ids = accountIds(cfg);
  const { defaultAccount } = settingsIn(cfg);
  return ids.find((id) => id === defaultAccount) ?? ids.find((id) => id === ONLY_ACCOUNT) ?? ids[0] ?? ONLY_ACCOUNT;
}

/**
 * Reads the settings of an account. Its token may be in them, in a file they name, or in the environment as CLAWTANK_TOKEN if there is
 * only one account.
 */
export function accountOf(
  cfg: OpenClawConfig,
  accountId: string = defaultAccountId(cfg),
  environment: NodeJS.ProcessEnv = process.env,
): Account {
  const { accounts = {}, ...shared } = settingsIn(cfg);
  const own = accounts[accountId] ?? {};
  const { serverUrl, allowFrom = ['owner'], requireMention = true, rooms, repositories = {} } = { ...shared, ...own };
  const named = [tokenIn(own), tokenIn(shared)].find((token) => token !== undefined);
  const fromEnvironment = Object.keys(accounts).length > 1 ? undefined : environment['CLAWTANK_TOKEN']?.trim();
  const token = named === undefined ? (fromEnvironment ?? '') : named;
  return {
    accountId,
    isEnabled: (shared.enabled ?? true) && (own.enabled ?? true),
    access: serverUrl && token ? { server: new URL(serverUrl), token } : null,
    tokenStatus: token === null ? 'configured_unavailable' : token === '' ? 'missing' : 'available',
    allowFrom,
    requireMention,
    rooms: rooms ? new Set(rooms) : null,
    repositoriesOf: (roomId) => ({
      addresses: Object.entries(repositories).flatMap(([id, address]) => (id === roomId ? [address] : [])),
      toName: (url) => `"repositories": {"${roomId}": "${url}"} in channels.${CHANNEL} of OpenClaw’s configuration`,
    }),
  };
}

/** The configuration with more said about an account. */
export function withSettings(cfg: OpenClawConfig, accountId: string, input: object): OpenClawConfig {
  const known = new Set(Object.keys(AccountSettings.shape));
  const said = Object.fromEntries(
    Object.entries(input).filter(([name, value]) => known.has(name) && value !== undefined),
  );
  const channel = { enabled: true, ...(cfg.channels?.[CHANNEL] as object) };
  const { accounts } = settingsIn(cfg);
  const isShared = accountId === ONLY_ACCOUNT && accounts === undefined;
  const changed = isShared
    ? { ...channel, ...said }
    : { ...channel, accounts: { ...accounts, [accountId]: { ...accounts?.[accountId], ...said } } };
  return { ...cfg, channels: { ...cfg.channels, [CHANNEL]: changed } };
}

function settingsIn(cfg: OpenClawConfig): Settings {
  return Settings.parse(cfg.channels?.[CHANNEL] ?? {});
}

/** Null if one is named that cannot be had now, undefined if none is named. */
function tokenIn({ token, tokenFile }: AccountSettings): string | null | undefined {
  if (typeof token === 'object') {
    return null;
  }
  return token?.trim() || (tokenFile === undefined ? undefined : tokenInFile(tokenFile));
}

function tokenInFile(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim() || null;
  } catch {
    return null; // the account counts as not configured, and OpenClaw says so
  }
}
