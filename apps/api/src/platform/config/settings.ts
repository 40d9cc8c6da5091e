import * as z from 'zod';

const flag = z.enum(['true', 'false']).transform((value) => value === 'true');
const port = z.coerce.number().int().min(0).max(65_535);
const secret = z.string().min(32, 'Use at least 32 characters');
const url = z.url().transform((value) => value.replace(/\/+$/, ''));

/** Every setting: its environment variable, what it is for, and what holds without it. `docs/configuration.md` is made from this. */
export const ENVIRONMENT = z.object({
  NODE_ENV: z.enum(['development', 'production', 'test']).default('development').describe('`production` demands its own database and secrets, and closes registration.'),
  PORT: port.default(3000).describe('The port that serves everything. 0 takes a free one.'),
  HOST: z.string().default('127.0.0.1').describe('The address to listen on. The image uses `0.0.0.0`.'),
  PUBLIC_URL: url.optional().describe('The address people use, e.g. `https://tank.example.com`. Without it: `http://localhost:<PORT>`.'),
  DATA_DIR: z.string().min(1).default('.data').describe('Where hosted repositories, the embedded database and generated secrets live.'),
  DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, 'Use a postgres:// address').optional().describe('PostgreSQL 15 or newer. Without it a PostgreSQL of its own is started under `DATA_DIR`.'),
  DATABASE_POOL_SIZE: z.coerce.number().int().min(2).max(200).default(20).describe('Connections one process holds at most.'),
  REDIS_URL: z.string().regex(/^rediss?:\/\//, 'Use a redis:// address').optional().describe('Redis 7 or newer. Needed for more than one process; without it everything stays in this one.'),
  REDIS_PREFIX: z.string().regex(/^[\w:-]*$/).default('clawtank:').describe('Put before every Redis key and channel.'),
  ROLE: z.enum(['all', 'api', 'worker']).default('all').describe('What this process does: serve, work off queues, or both. `--role=` says the same.'),
  JWT_SECRET: secret.optional().describe('Signs access tokens. Required in production; generated and kept under `DATA_DIR` otherwise.'),
  ENCRYPTION_KEY: z.string().regex(/^[0-9a-f]{64}$/i, 'Use 64 hexadecimal digits (32 bytes)').optional().describe('Encrypts webhook secrets and provider tokens at rest. Required in production; generated otherwise.'),
  REGISTRATION: z.enum(['open', 'closed']).optional().describe('Whether anybody may make an account. Without it: open, and closed in production.'),
  TRUST_PROXY: z.string().default('loopback').describe('Which proxies may say the client’s address, as Express understands it.'),
  ALLOWED_ORIGINS: z.string().default('').describe('Further browser origins, comma-separated, that may open sockets, besides `PUBLIC_URL`.'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info').describe('How much is logged.'),
  LOG_FORMAT: z.enum(['json', 'pretty']).optional().describe('One JSON object a line, or text for people. Without it: text on a terminal.'),
  METRICS_TOKEN: z.string().min(16).optional().describe('If set, `/metrics` answers only to this bearer token; without it, only to this machine.'),
  COMMANDS_PER_MINUTE: z.coerce.number().int().min(1).default(600).describe('Socket commands and REST requests one person or agent may send a minute.'),
  SIGN_IN_ATTEMPTS: z.coerce.number().int().min(1).default(10).describe('Failed sign-ins for one name, and for one address ten times as many, in 15 minutes.'),
  REGISTRATIONS_PER_HOUR: z.coerce.number().int().min(1).default(20).describe('Accounts one address may make an hour.'),
  ACCESS_TOKEN_MINUTES: z.coerce.number().min(0.05).max(15).default(15).describe('How long an access token is good for.'),
  REFRESH_TOKEN_DAYS: z.coerce.number().min(1).max(365).default(30).describe('How long a session lives without being used.'),
  TASK_LEASE_SECONDS: z.coerce.number().min(1).max(3600).default(60).describe('How long an agent holds a task unless it renews.'),
  GITHUB_CLIENT_ID: z.string().optional().describe('GitHub OAuth app. With its secret, “Sign in with GitHub” appears.'),
  GITHUB_CLIENT_SECRET: z.string().optional().describe('Secret of the GitHub OAuth app.'),
  GITHUB_BASE_URL: url.default('https://github.com').describe('For GitHub Enterprise Server.'),
  GITHUB_API_URL: url.default('https://api.github.com').describe('For GitHub Enterprise Server.'),
  GITLAB_CLIENT_ID: z.string().optional().describe('GitLab OAuth application. With its secret, “Sign in with GitLab” appears.'),
  GITLAB_CLIENT_SECRET: z.string().optional().describe('Secret of the GitLab OAuth application.'),
  GITLAB_BASE_URL: url.default('https://gitlab.com').describe('For a GitLab of your own.'),
  SHOW_SETUP_LINK: flag.default(true).describe('Whether the first start prints the one-time link that makes the administrator.'),
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
  readonly dataDir: string;
  readonly databaseUrl: string;
  readonly databasePoolSize: number;
  readonly redisUrl: string | undefined;
  readonly redisPrefix: string;
  readonly role: Environment['ROLE'];
  readonly jwtSecret: string;
  readonly encryptionKey: Buffer;
  readonly registration: 'open' | 'closed';
  readonly trustProxy: string;
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
export function readEnvironment(env: Readonly<Record<string, string | undefined>>, argv: readonly string[] = []): Environment {
  const role = argv.find((argument) => argument.startsWith('--role='))?.slice('--role='.length);
  const present = Object.entries({ ...env, ...(role !== undefined && { ROLE: role }) }).filter(([, value]) => value !== '');
  const result = ENVIRONMENT.safeParse(Object.fromEntries(present));
  const problems = result.success
    ? contradictions(result.data)
    : result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  if (!result.success || problems.length > 0) {
    throw new SettingsProblem(problems);
  }
  return result.data;
}

function contradictions(env: Environment): string[] {
  const problems: string[] = [];
  const need = (condition: boolean, problem: string) => {
    if (!condition) {
      problems.push(problem);
    }
  };
  if (env.NODE_ENV === 'production') {
    need(env.DATABASE_URL !== undefined, 'DATABASE_URL: required in production');
    need(env.JWT_SECRET !== undefined, 'JWT_SECRET: required in production');
    need(env.ENCRYPTION_KEY !== undefined, 'ENCRYPTION_KEY: required in production');
    need(env.PUBLIC_URL !== undefined, 'PUBLIC_URL: required in production');
    need(isRandomLooking(env.JWT_SECRET), 'JWT_SECRET: looks like an example; use random characters');
    need(isRandomLooking(env.ENCRYPTION_KEY), 'ENCRYPTION_KEY: looks like an example; use random digits');
  }
  need(env.ROLE === 'all' || env.REDIS_URL !== undefined, `REDIS_URL: required for ROLE=${env.ROLE}, since processes meet there`);
  need(env.ROLE === 'all' || env.DATABASE_URL !== undefined, `DATABASE_URL: required for ROLE=${env.ROLE}`);
  need(!env.GITHUB_CLIENT_ID === !env.GITHUB_CLIENT_SECRET, 'GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET: set both or neither');
  need(!env.GITLAB_CLIENT_ID === !env.GITLAB_CLIENT_SECRET, 'GITLAB_CLIENT_ID and GITLAB_CLIENT_SECRET: set both or neither');
  return problems;
}

/** Refuses `changeme…`, `secretsecret…` and the like; real random text has many different characters. */
const isRandomLooking = (value: string | undefined): boolean =>
  value === undefined || (new Set(value).size >= 10 && !/change|example|secret|password|default/i.test(value));

export function toSettings(env: Environment, provided: Provided): Settings {
  return {
    environment: env.NODE_ENV,
    port: env.PORT,
    host: env.HOST,
    publicUrl: env.PUBLIC_URL ?? `http://localhost:${env.PORT}`,
    dataDir: env.DATA_DIR,
    databaseUrl: provided.databaseUrl,
    databasePoolSize: env.DATABASE_POOL_SIZE,
    redisUrl: env.REDIS_URL,
    redisPrefix: env.REDIS_PREFIX,
    role: env.ROLE,
    jwtSecret: provided.jwtSecret,
    encryptionKey: Buffer.from(provided.encryptionKey, 'hex'),
    registration: env.REGISTRATION ?? (env.NODE_ENV === 'production' ? 'closed' : 'open'),
    trustProxy: env.TRUST_PROXY,
    allowedOrigins: env.ALLOWED_ORIGINS.split(',').map((origin) => origin.trim()).filter(Boolean),
    logLevel: env.LOG_LEVEL,
    logFormat: env.LOG_FORMAT ?? (process.stdout.isTTY ? 'pretty' : 'json'),
    metricsToken: env.METRICS_TOKEN,
    commandsPerMinute: env.COMMANDS_PER_MINUTE,
    signInAttempts: env.SIGN_IN_ATTEMPTS,
    registrationsPerHour: env.REGISTRATIONS_PER_HOUR,
    accessTokenSeconds: env.ACCESS_TOKEN_MINUTES * 60,
    refreshTokenSeconds: env.REFRESH_TOKEN_DAYS * 86_400,
    taskLeaseSeconds: env.TASK_LEASE_SECONDS,
    github: oauth(env.GITHUB_CLIENT_ID, env.GITHUB_CLIENT_SECRET, env.GITHUB_BASE_URL, env.GITHUB_API_URL),
    gitlab: oauth(env.GITLAB_CLIENT_ID, env.GITLAB_CLIENT_SECRET, env.GITLAB_BASE_URL, env.GITLAB_BASE_URL),
    showSetupLink: env.SHOW_SETUP_LINK,
  };
}

function oauth(clientId: string | undefined, clientSecret: string | undefined, baseUrl: string, apiUrl: string): OAuthSettings | undefined {
  return clientId && clientSecret ? { clientId, clientSecret, baseUrl, apiUrl } : undefined;
}
