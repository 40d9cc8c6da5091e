import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generateKeyPair, parsePrivateKey, type PrivateKey, signPayload } from '@clawtank/ssh-signature';

/** The agent's own ed25519 key. The private half never leaves the machine. */
export class AgentKey {
  constructor(private readonly key: PrivateKey) {}

  /** `ssh-ed25519 AAAA…`: what the server is told. */
  get publicKey(): string {
    return this.key.publicKey.line;
  }

  /** `SHA256:…`, as the agent's owner sees it. */
  get fingerprint(): string {
    return this.key.publicKey.fingerprint;
  }

  /** An armored SSH signature over the payload, for one purpose only. */
  sign(payload: string | Buffer, namespace: string): string {
    return signPayload(payload, this.key, namespace);
  }
}

/** A folder with the keys of the agents that run on this machine, one for each, readable by its owner alone. */
export class AgentKeyStore {
  constructor(private readonly folder: string) {}

  /** The agent's key, made at first use. Processes that ask at the same time get the same one. */
  async keyOf(agentId: string): Promise<AgentKey> {
    if (!/^[\w-]+$/.test(agentId)) {
      throw new Error(`Not an agent's id: ${JSON.stringify(agentId)}`);
    }
    const file = join(this.folder, `${agentId}.key`);
    const text = (await read(file)) ?? (await this.make(file, agentId));
    const key = parsePrivateKey(text);
    if (!key) {
      throw new Error(`${file} is not an unencrypted OpenSSH ed25519 key. Move it away to have a new one made.`);
    }
    return new AgentKey(key);
  }

  private async make(file: string, agentId: string): Promise<string> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const draft = join(this.folder, `.${randomUUID()}`);
    await writeFile(draft, generateKeyPair(agentId).privateKey, { mode: 0o600, flag: 'wx', flush: true });
    try {
      await link(draft, file); // unlike a rename it fails if another process was faster
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
        throw error;
      }
    } finally {
      await rm(draft);
    }
    return readFile(file, 'utf8');
  }
}

async function read(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return null;
    }
    throw error;
  }
}
