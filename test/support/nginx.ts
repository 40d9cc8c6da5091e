import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './people.js';

const SHIPPED = 'deploy/nginx';

/** The shipped configuration as it is, on a port of this machine, before processes of this machine. */
export class Nginx {
  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
    private readonly folder: string,
  ) {}

  static async start(port: number, upstreams: readonly string[]): Promise<Nginx> {
    const folder = mkdtempSync(join(tmpdir(), 'clawtank-nginx-'));
    readdirSync(SHIPPED).forEach((file) => copyFileSync(join(SHIPPED, file), join(folder, file)));
    const shipped = upstreams.map((url) => `server ${new URL(url).host} max_fails=1 fail_timeout=5s;`);
    writeFileSync(
      join(folder, 'upstream.conf'),
      `upstream clawtank_api { least_conn; ${shipped.join(' ')} keepalive 64; }`,
    );
    writeFileSync(join(folder, 'listen.conf'), `listen 127.0.0.1:${port};`);
    const child = spawn(
      'nginx',
      ['-p', folder, '-c', 'nginx.conf', '-e', 'stderr', '-g', `daemon off; pid ${join(folder, 'nginx.pid')};`],
      { stdio: 'ignore' },
    );
    const nginx = new Nginx(`http://127.0.0.1:${port}`, child, folder);
    await eventually(() =>
      fetch(`${nginx.url}/metrics`).then(
        () => true,
        () => child.exitCode !== null,
      ),
    );
    if (child.exitCode !== null) {
      throw new Error(`nginx ended with ${child.exitCode}; try: nginx -t -p ${SHIPPED} -c nginx.conf`);
    }
    return nginx;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null) {
      this.child.kill('SIGTERM');
      await once(this.child, 'exit');
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}
