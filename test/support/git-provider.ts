import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const REPOSITORY = 'octo/tank';

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | null;
}

/** A provider as git meets it: one private repository behind git's own `http-backend`, and tokens that may read or write it. */
export class GitProvider {
  readonly asked: Asked[] = [];
  readonly reading = 'token-that-reads';
  readonly writing = 'token-that-writes';
  /** What the provider answers everything with instead, as when it is down. */
  outage: number | null = null;
  /** How long it thinks before it answers. */
  delayMs = 0;
  /** What it waits for before it answers. */
  hold: (() => Promise<unknown>) | null = null;
  /** Where it sends everybody, as when a repository has moved. */
  redirect: string | null = null;
  /** What happens as soon as it has said where branches are, or has sent what is on them. */
  onAnswered: (() => void) | null = null;
  private readonly folder = mkdtempSync(join(tmpdir(), 'clawtank-provider-'));
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();

  private constructor() {
    this.server = createServer((request, response) => void this.answer(request, response));
    this.server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
    mkdirSync(join(this.folder, 'octo'));
    this.run('git', 'init', '--quiet', '--bare', '--initial-branch=trunk', this.path);
    this.git('config', 'uploadpack.allowFilter', 'true');
    this.git('config', 'http.receivepack', 'true');
    this.push('trunk', { 'README.md': 'Tank\n' });
  }

  static async start(): Promise<GitProvider> {
    const provider = new GitProvider();
    await new Promise<void>((resolve) => provider.server.listen(0, '127.0.0.1', resolve));
    return provider;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Where git and people find the repository. */
  get webUrl(): string {
    return `${this.url}/${REPOSITORY}`;
  }

  /** What a room is connected with. */
  connection(provider: 'github' | 'gitlab', accessToken: string | null = this.reading) {
    const repository = { provider, repoId: '42', fullName: REPOSITORY, defaultBranch: 'trunk' };
    return accessToken === null ? repository : { ...repository, accessToken };
  }

  /** git in the repository itself. */
  git(...args: string[]): string {
    return this.run('git', '-C', this.path, ...args);
  }

  tip(branch: string): string {
    return this.git('rev-parse', `refs/heads/${branch}`);
  }

  branches(): string[] {
    return this.git('for-each-ref', '--format=%(refname:short)', 'refs/heads').split('\n');
  }

  /** Somebody commits files on top of a branch, unsigned; answers the new tip. */
  push(branch: string, files: Readonly<Record<string, string>>, from = branch): string {
    const parent = this.runs('rev-parse', '--quiet', '--verify', `refs/heads/${from}`);
    const environment = { GIT_INDEX_FILE: join(this.folder, 'index') };
    const index = (...args: string[]) =>
      execFileSync('git', ['-C', this.path, ...args], {
        encoding: 'utf8',
        env: { ...process.env, ...environment },
      }).trim();
    index('read-tree', ...(parent ? [parent] : ['--empty']));
    for (const [path, content] of Object.entries(files)) {
      const blob = execFileSync('git', ['-C', this.path, 'hash-object', '-w', '--stdin'], {
        input: content,
        encoding: 'utf8',
      });
      index('update-index', '--add', '--cacheinfo', `100644,${blob.trim()},${path}`);
    }
    const as = ['-c', 'user.name=Somebody', '-c', 'user.email=somebody@example.org'];
    const commit = this.git(
      ...as,
      'commit-tree',
      index('write-tree'),
      ...(parent ? ['-p', parent] : []),
      '-m',
      'Change',
    );
    this.git('update-ref', `refs/heads/${branch}`, commit);
    return commit;
  }

  /** Lets nobody push to branches of these names, as protected branches and the like do. */
  protect(pattern: string, words = 'GH006: Protected branch update failed'): void {
    const hook = join(this.path, 'hooks', 'update');
    writeFileSync(hook, `#!/bin/sh\ncase "$1" in refs/heads/${pattern}) echo "${words}" >&2; exit 1;; esac\n`);
    chmodSync(hook, 0o755);
  }

  unprotect(): void {
    rmSync(join(this.path, 'hooks', 'update'), { force: true });
  }

  /** The address with a token in it, as somebody types it who clones by hand. */
  addressAs(token: string): string {
    return `${this.webUrl.replace('://', `://x:${token}@`)}.git`;
  }

  async stop(): Promise<void> {
    this.sockets.forEach((socket) => socket.destroy());
    await new Promise((resolve) => this.server.close(resolve));
    rmSync(this.folder, { recursive: true, force: true });
  }

  private get path(): string {
    return join(this.folder, `${REPOSITORY}.git`);
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = request;
    const { pathname, search } = new URL(url, 'http://provider');
    const [, password = null] = Buffer.from((headers.authorization ?? '').replace(/^Basic /, ''), 'base64')
      .toString()
      .split(':');
    this.asked.push({ method, path: url, authorization: headers.authorization ?? null });
    await delay(this.delayMs, undefined, { ref: false });
    await this.hold?.();
    if (this.outage !== null) {
      return void response.writeHead(this.outage).end('out of order');
    }
    if (this.redirect !== null) {
      return void response.writeHead(301, { location: `${this.redirect}${url}` }).end();
    }
    const isPush = /git-receive-pack/.test(url);
    if (password !== this.writing && password !== this.reading) {
      return void response.writeHead(401, { 'www-authenticate': 'Basic realm="provider"' }).end();
    }
    if (isPush && password !== this.writing) {
      return void response.writeHead(403).end('Write access to repository not granted.');
    }
    const backend = spawn('git', ['http-backend'], {
      env: {
        PATH: process.env['PATH'],
        GIT_PROJECT_ROOT: this.folder,
        GIT_HTTP_EXPORT_ALL: '1',
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_CONFIG_COUNT: '1',
        GIT_CONFIG_KEY_0: 'safe.directory',
        GIT_CONFIG_VALUE_0: '*',
        GIT_PROTOCOL: String(headers['git-protocol'] ?? ''),
        PATH_INFO: pathname,
        QUERY_STRING: search.slice(1),
        REQUEST_METHOD: method,
        CONTENT_TYPE: headers['content-type'] ?? '',
        HTTP_CONTENT_ENCODING: headers['content-encoding'] ?? '',
        REMOTE_USER: 'x',
      },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    backend.stdin.on('error', () => undefined); // git does not read what it refuses
    request.pipe(backend.stdin);
    const output = Buffer.concat(await backend.stdout.toArray());
    const end = output.indexOf('\r\n\r\n');
    const lines = output.subarray(0, end).toString().split('\r\n');
    const fields = lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)] as const);
    const status = fields.find(([name]) => name === 'Status')?.[1] ?? '200';
    response.writeHead(Number.parseInt(status), Object.fromEntries(fields.filter(([name]) => name !== 'Status')));
    if (method === 'POST') {
      this.onAnswered?.();
    }
    response.end(output.subarray(end + 4));
  }

  private runs(...args: string[]): string | null {
    try {
      return this.git(...args);
    } catch {
      return null;
    }
  }

  private run(program: string, ...args: string[]): string {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  }
}
