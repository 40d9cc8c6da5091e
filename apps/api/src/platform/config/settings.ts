import { isIP } from 'node:net';
import { resolve } from 'node:path';
import * as z from 'zod';

const flag = z.enum(['true', 'false']).transform((value) => value === 'true');
const port = z.coerce.number().int().min(0).max(65_535);
const secret = z.string().min(32, 'Use at least 32 characters');
const url = z
  .url({ protocol: /^https?$/, error: 'Use an http:// or https:// address' })
  .transform((value) => value.replace(/\/+$/, ''));
/** As a browser names it, so that `https://Tank.example.com/` is the same as what its pages send. */
const origin = url.transform((value) => new URL(value).origin);
const origins = z
  .string()
  .transform((value) =>
    value
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean),
  )
  .pipe(z.array(origin));
/** Express takes the number of proxies only as a number: given `"1"` it would trust the address 0.0.0.1. */
const proxies = z
  .string()
  .refine(
    (value) => /^(?:true|false|\d+)$/.test(value) || value.split(',').every((part) => isProxy(part.trim())),
    'Use true, false, a number of proxies, or addresses',
  )
  .transform((value) =>
    /^\d+$/.test(value) ? Number(value) : value === 'true' || value === 'false' ? value === 'true' : value,
  );

function isProxy(text: string): boolean {
  const [address = '', prefix] = text.split('/');
  return (
    ['loopback', 'linklocal', 'uniquelocal'].includes(text) ||
    (isIP(address) !== 0 && (prefix === undefined || /^\d{1,3}$/.test(prefix)))
  );
}

/** Every setting: its environment variable, what it is for, and what holds without it. `docs/configuration.md` is made from this. */
export const ENVIRONMENT = z.object({
  NODE_ENV: z
    .enum(['development', 'production', 'test'])
    .default('development')
    .describe('`production` demands its own database and secrets, and closes registration.'),
  PORT: port.default(3000).describe('The port that serves everything. 0 takes a free one.'),
  HOST: z.string().default('127.0.0.1').describe('The address to listen on. The image uses `0.0.0.0`.'),
  PUBLIC_URL: url
    .optional()
    .describe('The address people use, e.g. `https://tank.example.com`. Without it: `http://localhost:<PORT>`.'),
  DATA_DIR: z
    .string()
    .min(1)
    .default('.data')
    .describe('Where hosted repositories, the embedded database and generated secrets live.'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'Use a postgres:// address')
    .optional()
    .describe('PostgreSQL 15 or newer. Without it a PostgreSQL of its own is started under `DATA_DIR`.'),
  DATABASE_POOL_SIZE: z.coerce
    .number()
    .int()
    .min(2)
    .max(200)
    .default(20)
    .describe('Connections one process holds at most.'),
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\//, 'Use a redis:// address')
    .optional()
    .describe('Redis 7 or newer. Needed for more than one process; without it everything stays in this one.'),
  REDIS_PREFIX: z
    .string()
    .regex(/^[\w:-]*$/)
    .default('clawtank:')
    .describe('Put before every Redis key and channel.'),
  ROLE: z
    .enum(['all', 'api', 'worker'])
    .default('all')
    .describe('What this process does: serve, work off queues, or both. `--role=` says the same.'),
  JWT_SECRET: secret
    .optional()
    .describe('Signs access tokens. Required in production; generated and kept under `DATA_DIR` otherwise.'),
  ENCRYPTION_KEY: z
    .string()
    .regex(/^[0-9a-f]{64}$/i, 'Use 64 hexadecimal digits (32 bytes)')
    .optional()
    .describe('Encrypts webhook secrets and provider tokens at rest. Required in production; generated otherwise.'),
  REGISTRATION: z
    .enum(['open', 'closed'])
    .optional()
    .describe('Whether anybody may make an account. Without it: open, and closed in production.'),
  TRUST_PROXY: proxies
    .default('loopback')
    .describe('Which proxies may say the client’s address, as Express understands it.'),
  ALLOWED_ORIGINS: origins
    .prefault('')
    .describe('Further browser origins, comma-separated, that may open sockets, besides `PUBLIC_URL`.'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('How much is logged.'),
  LOG_FORMAT: z
    .enum(['json', 'pretty'])
    .optional()
    .describe('One JSON object a line, or text for people. Without it: text on a terminal.'),
  METRICS_TOKEN: z
    .string()
    .min(16)
    .optional()
    .describe('If set, `/metrics` answers only to this bearer token; without it, only to this machine.'),
  COMMANDS_PER_MINUTE: z.coerce
    .number()
    .int()
    .min(1)
    .default(600)
    .describe('Socket commands and REST requests one person or agent may send a minute.'),
  SIGN_IN_ATTEMPTS: z.coerce
    .number()
    .int()
    .min(1)
    .default(10)
    .describe('Failed sign-ins for one name, and for one address ten times as many, in 15 minutes.'),
  REGISTRATIONS_PER_HOUR: z.coerce.number().int().min(1).default(20).describe('Accounts one address may make an hour.'),
  ACCESS_TOKEN_MINUTES: z.coerce
    .number()
    .min(0.05)
    .max(15)
    .default(15)
    .describe('How long an access token is good for.'),
  REFRESH_TOKEN_DAYS: z.coerce
    .number()
    .min(1)
    .max(365)
    .default(30)
    .describe('How long a session lives without being used.'),
  TASK_LEASE_SECONDS: z.coerce
    .number()
    .min(1)
    .max(3600)
    .default(60)
    .describe('How long an agent holds a task unless it renews.'),
  ATTACHMENTS_ROOM_MB: z.coerce
    .number()
    .int()
    .min(1)
    .default(1000)
    .describe('How much all files of one room may take, in megabytes.'),
  ATTACHMENTS_PERSON_MB: z.coerce
    .number()
    .int()
    .min(1)
    .default(500)
    .describe('How much all files of one person and their agents may take, in megabytes.'),
  GITHUB_CLIENT_ID: z.string().optional().describe('GitHub OAuth app. With its secret, “Sign in with GitHub” appears.'),
  GITHUB_CLIENT_SECRET: z.string().optional().describe('Secret of the GitHub OAuth app.'),
  GITHUB_BASE_URL: url.default('https://github.com').describe('For GitHub Enterprise Server.'),
  GITHUB_API_URL: url.default('https://api.github.com').describe('For GitHub Enterprise Server.'),
  GITLAB_CLIENT_ID: z
    .string()
    .optional()
    .describe('GitLab OAuth application. With its secret, “Sign in with GitLab” appears.'),
  GITLAB_CLIENT_SECRET: z.string().optional().describe('Secret of the GitLab OAuth application.'),
  GITLAB_BASE_URL: url.default('https://gitlab.com').describe('For a GitLab of your own.'),
  SHOW_SETUP_LINK: flag
    .default(true)
    .describe('Whether the first start prints the one-time link that makes the administrator.'),
});
type Environment = z.infer<typeof ENVIRONMENT>;

export interface OAuthSettings {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly baseUrl: string;
  readonly apiUrl: string;
}

/** Every setting, read once at the start. Nothing else reads the environment. */
export interface Settings {
  readonly environment: Environment['NODE_ENV'];
  readonly port: number;
  readonly host: string;
  readonly publicUrl: string;
  /** Absolute, whatever folder the programs that are started have as theirs. */
  readonly dataDir: string;
  readonly databaseUrl: string;
  readonly databasePoolSize: number;
  readonly redisUrl: string | undefined;
  readonly redisPrefix: string;
  readonly role: Environment['ROLE'];
  readonly jwtSecret: string;
  readonly encryptionKey: Buffer;
  readonly registration: 'open' | 'closed';
  readonly trustProxy: string | number | boolean;
  readonly allowedOrigins: readonly string[];
  readonly logLevel: Environment['LOG_LEVEL'];
  readonly logFormat: 'json' | 'pretty';
  readonly metricsToken: string | undefined;
  readonly commandsPerMinute: number;
  readonly signInAttempts: number;
  readonly registrationsPerHour: number;
  readonly accessTokenSeconds: number;
  readonly refreshTokenSeconds: number;
  readonly taskLeaseSeconds: number;
  readonly attachmentsRoomMb: number;
  readonly attachmentsPersonMb: number;
  readonly github: OAuthSettings | undefined;
  readonly gitlab: OAuthSettings | undefined;
  readonly showSetupLink: boolean;
}

export const SETTINGS = Symbol('Settings');

/** Everything that is wrong with the environment, at once. */
export class SettingsProblem extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`The settings are not usable:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'SettingsProblem';
  }
}

/** What the environment leaves open in the embedded mode and the start fills in. */
export interface Provided {
  readonly databaseUrl: string;
  readonly jwtSecret: string;
  readonly encryptionKey: string;
}

/** Reads and checks the environment; throws a SettingsProblem that lists all that is wrong. */
export function readEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  argv: readonly string[] = [],
): Environment {
  const role = argv.find((argument) => argument.startsWith('--role='))?.slice('--role='.length);
  const given = Object.entries({ ...env, ...(role !== undefined && { ROLE: role }) }).filter(([, value]) =>
    value?.trim(),
  );
  const result = ENVIRONMENT.safeParse(Object.fromEntries(given));
  const unusable = result.error?.issues.map(({ path: [name], message }) => ({ name: String(name), message })) ?? [];
  const isUsable = (name: string) => !unusable.some((problem) => problem.name === name);
  // What is unusable in itself is left out, so that what contradicts among the rest is reported along with it.
  const usable = result.data ?? ENVIRONMENT.parse(Object.fromEntries(given.filter(([name]) => isUsable(name))));
  const problems = [...unusable, ...contradictions(usable).filter(({ name }) => isUsable(name))];
  if (problems.length > 0) {
    throw new SettingsProblem(problems.map(({ name, message }) => `${name}: ${message}`));
  }
  return usable;
}

function contradictions(env: Environment): { readonly name: keyof Environment; readonly message: string }[] {
  const isProduction = env.NODE_ENV === 'production';
  const isOneOfSeveral = env.ROLE !== 'all';
  const requirements: [isMet: boolean, name: keyof Environment, message: string][] = [
    [!isProduction || env.DATABASE_URL !== undefined, 'DATABASE_URL', 'required in production'],
    [!isProduction || env.JWT_SECRET !== undefined, 'JWT_SECRET', 'required in production'],
    [!isProduction || env.ENCRYPTION_KEY !== undefined, 'ENCRYPTION_KEY', 'required in production'],
    [!isProduction || env.PUBLIC_URL !== undefined, 'PUBLIC_URL', 'required in production'],
    [!isProduction || isRandomLooking(env.JWT_SECRET), 'JWT_SECRET', 'looks like an example; use random characters'],
    [
      !isProduction || isRandomLooking(env.ENCRYPTION_KEY),
      'ENCRYPTION_KEY',
      'looks like an example; use random digits',
    ],
    [
      !isOneOfSeveral || env.REDIS_URL !== undefined,
      'REDIS_URL',
      `required for ROLE=${env.ROLE}, since processes meet there`,
    ],
    [
      !isOneOfSeveral || env.DATABASE_URL !== undefined || isProduction,
      'DATABASE_URL',
      `required for ROLE=${env.ROLE}`,
    ],
    [!env.GITHUB_CLIENT_ID || !!env.GITHUB_CLIENT_SECRET, 'GITHUB_CLIENT_SECRET', 'required with GITHUB_CLIENT_ID'],
    [!env.GITHUB_CLIENT_SECRET || !!env.GITHUB_CLIENT_ID, 'GITHUB_CLIENT_ID', 'required with GITHUB_CLIENT_SECRET'],
    [!env.GITLAB_CLIENT_ID || !!env.GITLAB_CLIENT_SECRET, 'GITLAB_CLIENT_SECRET', 'required with GITLAB_CLIENT_ID'],
    [!env.GITLAB_CLIENT_SECRET || !!env.GITLAB_CLIENT_ID, 'GITLAB_CLIENT_ID', 'required with GITLAB_CLIENT_SECRET'],
  ];
  return requirements.filter(([isMet]) => !isMet).map(([, name, message]) => ({ name, message }));
}

/** Refuses `changeme…`, `0123456789abcdef0123…` and the like; random text has many characters and does not repeat itself. */
const isRandomLooking = (value: string | undefined): boolean =>
  value === undefined ||
  (new Set(value).size >= 10 && !/^(.+)\1+$/s.test(value) && !/change|example|secret|password|default/i.test(value));

export function toSettings(env: Environment, provided: Provided): Settings {
  return {
    environment: env.NODE_ENV,
    port: env.PORT,
    host: env.HOST,
    publicUrl: env.PUBLIC_URL ?? `http://localhost:${env.PORT}`,
    dataDir: resolve(env.DATA_DIR),
    databaseUrl: provided.databaseUrl,
    databasePoolSize: env.DATABASE_POOL_SIZE,
    redisUrl: env.REDIS_URL,
    redisPrefix: env.REDIS_PREFIX,
    role: env.ROLE,
    jwtSecret: provided.jwtSecret,
    encryptionKey: Buffer.from(provided.encryptionKey, 'hex'),
    registration: env.REGISTRATION ?? (env.NODE_ENV === 'production' ? 'closed' : 'open'),
    trustProxy: env.TRUST_PROXY,
    allowedOrigins: env.ALLOWED_ORIGINS,
    logLevel: env.LOG_LEVEL,
    logFormat: env.LOG_FORMAT ?? (process.stdout.isTTY ? 'pretty' : 'json'),
    metricsToken: env.METRICS_TOKEN,
    commandsPerMinute: env.COMMANDS_PER_MINUTE,
    signInAttempts: env.SIGN_IN_ATTEMPTS,
    registrationsPerHour: env.REGISTRATIONS_PER_HOUR,
    accessTokenSeconds: env.ACCESS_TOKEN_MINUTES * 60,
    refreshTokenSeconds: env.REFRESH_TOKEN_DAYS * 86_400,
    taskLeaseSeconds: env.TASK_LEASE_SECONDS,
    attachmentsRoomMb: env.ATTACHMENTS_ROOM_MB,
    attachmentsPersonMb: env.ATTACHMENTS_PERSON_MB,
    github: oauth(env.GITHUB_CLIENT_ID, env.GITHUB_CLIENT_SECRET, env.GITHUB_BASE_URL, env.GITHUB_API_URL),
    gitlab: oauth(env.GITLAB_CLIENT_ID, env.GITLAB_CLIENT_SECRET, env.GITLAB_BASE_URL, env.GITLAB_BASE_URL),
    showSetupLink: env.SHOW_SETUP_LINK,
  };
}

function oauth(
  clientId: string | undefined,
  clientSecret: string | undefined,
  baseUrl: string,
  apiUrl: string,
): OAuthSettings | undefined {
  return clientId && clientSecret ? { clientId, clientSecret, baseUrl, apiUrl } : undefined;
}
