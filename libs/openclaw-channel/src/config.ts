import { readFileSync } from 'node:fs';
import type { OpenClawConfig } from 'openclaw/plugin-sdk/channel-core';
import * as z from 'zod';
import type { Audience } from './domain/attention.js';

export const CHANNEL = 'clawtank';
export const ACCOUNT = 'default';

/** `channels.clawtank` in OpenClaw's configuration; the manifest says the same in JSON Schema. */
export const Settings = z.object({
  enabled: z.boolean().default(true),
  serverUrl: z.url().optional(),
  token: z.string().default(''),
  tokenFile: z.string().optional(),
  /** Who may set the agent to work. */
  allowFrom: z.array(z.string()).default(['owner']),
  requireMention: z.boolean().default(true),
  /** Only these rooms; all in which the agent has a seat unless said otherwise. */
  rooms: z.array(z.uuid().toLowerCase()).optional(),
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
  readonly rooms: ReadonlySet<string> | null;
}

/** Reads the settings. The token may be in them, in a file they name, or in the environment as CLAWTANK_TOKEN. */
export function accountOf(cfg: OpenClawConfig, environment: NodeJS.ProcessEnv = process.env): Account {
  const { enabled, serverUrl, allowFrom, requireMention, rooms, ...where } = settingsIn(cfg);
  const token = where.token || readToken(where.tokenFile) || (environment['CLAWTANK_TOKEN'] ?? '');
  return {
    accountId: ACCOUNT,
    isEnabled: enabled,
    access: serverUrl && token ? { server: new URL(serverUrl), token: token.trim() } : null,
    allowFrom,
    requireMention,
    rooms: rooms ? new Set(rooms) : null,
  };
}

/** The configuration with more said about this channel. */
export function withSettings(cfg: OpenClawConfig, input: object): OpenClawConfig {
  const known = new Set(Object.keys(Settings.shape));
  const said = Object.entries(input).filter(([name, value]) => known.has(name) && value !== undefined);
  const channel = { enabled: true, ...(cfg.channels?.[CHANNEL] as object), ...Object.fromEntries(said) };
  return { ...cfg, channels: { ...cfg.channels, [CHANNEL]: channel } };
}

function settingsIn(cfg: OpenClawConfig): Settings {
  return Settings.parse(cfg.channels?.[CHANNEL] ?? {});
}

function readToken(file: string | undefined): string {
  try {
    return file === undefined ? '' : readFileSync(file, 'utf8');
  } catch {
    return ''; // the account counts as not configured, and OpenClaw says so
  }
}
