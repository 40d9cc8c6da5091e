import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { removeKeys } from '../test/support/redis.js';
import { Child } from './child.js';
import type { BenchDatabase } from './database.js';
import type { Baseline, Seated } from './workload.js';

/** No limit is to be measured here but the server's own. */
const UNLIMITED = '1000000000';

type Keep = (stop: () => Promise<void>) => void;

export const NAMES = {
  product: 'ClawTank',
  'product by transaction': 'ClawTank, a transaction for each',
  'product without a database': 'ClawTank’s fan-out alone',
  'socket.io': 'bare Socket.IO',
  ws: 'bare ws, framed once',
  transaction: 'Socket.IO + TypeORM transaction',
} as const;
export type SubjectName = keyof typeof NAMES;

/** A server that is measured: one process, or several that act as one. */
export interface Subject {
  readonly name: SubjectName;
  readonly processes: readonly Child[];
  readonly urls: readonly string[];
}

export interface ProductSecrets {
  readonly jwtSecret: string;
  readonly encryptionKey: string;
}

export const makeSecrets = (): ProductSecrets => ({
  jwtSecret: randomBytes(32).toString('base64url'),
  encryptionKey: randomBytes(32).toString('hex'),
});

/** The built server in production mode; several processes meet on Redis. */
export async function startProduct(
  { url: databaseUrl }: BenchDatabase,
  { jwtSecret, encryptionKey }: ProductSecrets,
  dataDirectory: string,
  keep: Keep,
  several?: { readonly processes: number; readonly redisUrl: string },
): Promise<Subject> {
  const prefix = `clawtank-bench-${randomUUID()}:`;
  if (several) {
    keep(() => removeKeys(several.redisUrl, prefix));
  }
  const processes: Child[] = [];
  for (let index = 0; index < (several?.processes ?? 1); index++) {
    processes.push(
      await Child.start(
        {
          name: 'ClawTank',
          program: 'dist/api/apps/api/src/main.js',
          ready: /ClawTank is ready:\s+http:\/\/localhost:(\d+)/,
          isSubject: true,
          env: {
            NODE_ENV: 'production',
            MALLOC_MMAP_THRESHOLD_: '65536', // as in the image
            PORT: '0',
            PUBLIC_URL: 'http://localhost',
            DATA_DIR: join(dataDirectory, `server-${randomUUID()}`),
            DATABASE_URL: databaseUrl,
            JWT_SECRET: jwtSecret,
            ENCRYPTION_KEY: encryptionKey,
            SHOW_SETUP_LINK: 'false',
            COMMANDS_PER_MINUTE: UNLIMITED,
            ...(several && { REDIS_URL: several.redisUrl, REDIS_PREFIX: prefix }),
          },
        },
        keep,
      ),
    );
  }
  return subject('product', processes);
}

export async function startBaseline(kind: Baseline, keep: Keep, databaseUrl?: string): Promise<Subject> {
  const child = await Child.start(
    {
      name: kind,
      program: 'bench/children/baseline.ts',
      args: [kind],
      ready: /ready: http:\/\/localhost:(\d+)/,
      isSubject: true,
      env: { NODE_ENV: 'production', ...(databaseUrl && { DATABASE_URL: databaseUrl }) },
    },
    keep,
  );
  return subject(kind === 'direct' ? 'product without a database' : kind, [child]);
}

/** Seats of nobody in particular, in rooms of a given size, for servers that ask for no accounts. */
export function anySeats(rooms: number, membersPerRoom: number): Seated[] {
  return Array.from({ length: rooms }, () => randomUUID()).flatMap((roomId) =>
    Array.from({ length: membersPerRoom }, () => ({ token: '', roomId })),
  );
}

const subject = (name: SubjectName, processes: readonly Child[]): Subject => ({
  name,
  processes,
  urls: processes.map(({ found }) => `http://127.0.0.1:${found[1]}`),
});
