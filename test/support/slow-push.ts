import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { type ClientRequest, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const NOTHING = '0'.repeat(40);
const packet = (text: string): string => (Buffer.byteLength(text) + 4).toString(16).padStart(4, '0') + text;

/** Who pushes where, and under which lease they say to do so. */
export interface SlowPushOptions {
  readonly url: string;
  readonly roomId: string;
  readonly token: string;
  readonly branch: string;
  readonly lease?: { readonly taskId: string; readonly leaseId: string };
}

/** The push of a new branch that is in transfer for as long as one likes: all of it but its last byte is sent. */
export class SlowPush {
  private constructor(
    private readonly sending: ClientRequest,
    private readonly lastByte: Buffer,
    private readonly outcome: Promise<string>,
  ) {}

  static async begin({ url, roomId, token, branch, lease }: SlowPushOptions): Promise<SlowPush> {
    const body = await pushOf(branch);
    const sending = request(new URL(`/git/${roomId}.git/git-receive-pack`, url), {
      method: 'POST',
      auth: `git:${token}`,
      agent: false,
      headers: {
        'content-type': 'application/x-git-receive-pack-request',
        'content-length': body.length,
        ...(lease && { 'clawtank-lease': `${lease.taskId}/${lease.leaseId}` }),
      },
    });
    const outcome = new Promise<string>((resolve) => {
      sending.once('error', () => resolve('cut off'));
      sending.once('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('error', () => resolve('cut off'));
        response.once('end', () => {
          const said = Buffer.concat(chunks).toString('latin1');
          resolve(said.includes(`ok refs/heads/${branch}`) ? 'taken' : `${response.statusCode} ${said}`);
        });
      });
    });
    sending.write(body.subarray(0, -1));
    return new SlowPush(sending, body.subarray(-1), outcome);
  }

  /** Sends what is missing; `taken`, `cut off`, or the status and what the server says. */
  finish(): Promise<string> {
    this.sending.end(this.lastByte);
    return this.outcome;
  }
}

/** What git sends to make a new branch with one commit. */
async function pushOf(branch: string): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'clawtank-slow-push-'));
  const git = (...args: string[]) =>
    run('git', ['-C', folder, '-c', 'user.name=Test', '-c', 'user.email=test@example.com', ...args]);
  try {
    await git('init', '--quiet');
    await git('commit', '--quiet', '--allow-empty', '-m', `Work on ${branch}`);
    const commit = (await git('rev-parse', 'HEAD')).stdout.trim();
    const packing = run('git', ['-C', folder, 'pack-objects', '--quiet', '--stdout', '--revs'], { encoding: 'buffer' });
    packing.child.stdin?.end(`${commit}\n`);
    const command = packet(`${NOTHING} ${commit} refs/heads/${branch}\0 report-status side-band-64k\n`);
    return Buffer.concat([Buffer.from(`${command}0000`), (await packing).stdout]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
