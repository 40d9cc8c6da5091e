import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

const Secrets = z.object({ jwtSecret: z.string().min(32), encryptionKey: z.string().length(64) });
export type GeneratedSecrets = z.infer<typeof Secrets>;

/** The secrets of an installation that was given none: made once, kept readable for their owner only, the same at every start. */
export function generatedSecrets(dataDir: string): GeneratedSecrets {
  const file = join(dataDir, 'secrets.json');
  return read(file) ?? make(dataDir, file);
}

function read(file: string): GeneratedSecrets | undefined {
  try {
    return Secrets.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return undefined;
    }
    // Making new ones would sign everybody out and lose what the old key encrypted.
    throw new Error(`${file} is not readable as ClawTank's secrets; restore it, or delete it to start over`, {
      cause: error,
    });
  }
}

/** Of several processes that start at once the first one's secrets hold for all: a link, unlike a rename, replaces nothing. */
function make(dataDir: string, file: string): GeneratedSecrets {
  const secrets: GeneratedSecrets = {
    jwtSecret: randomBytes(32).toString('base64url'),
    encryptionKey: randomBytes(32).toString('hex'),
  };
  const draft = `${file}.${process.pid}`;
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(draft, JSON.stringify(secrets), { mode: 0o600, flush: true });
  try {
    linkSync(draft, file);
    return secrets;
  } catch (error) {
    const first = read(file);
    if (!first) {
      throw error;
    }
    return first;
  } finally {
    rmSync(draft, { force: true });
  }
}
