import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { AgentClient, signedCommit } from '@clawtank/agent-sdk';
import type { Approval } from '@clawtank/contracts';
import { anAgentKey, registrationOf, type Signer } from '../support/agent-key.js';
import { pushBranch } from '../support/push-branch.js';

const run = promisify(execFile);

const BRANCH = 'otter/lamps';
export const FILE = 'lamps.md';
const FIRST = '# Lamps\n\nThe lamp is red.\n';
const SECOND = '# Lamps\n\nThe lamp on the port side is red.\n';

/** An agent that does what the test tells it, over the SDK. */
export class Otter {
  private lease: { taskId: string; leaseId: string } | null = null;

  private constructor(
    private readonly client: AgentClient,
    private readonly url: string,
    private readonly roomId: string,
    private readonly token: string,
    private readonly signer: Signer,
  ) {}

  static async wake(url: string, roomId: string, token: string): Promise<Otter> {
    const client = new AgentClient({ url, token });
    const { agentId, commitEmail } = await client.ready();
    const key = anAgentKey();
    await client.command('register_key', registrationOf(key, agentId));
    return new Otter(client, url, roomId, token, { key, email: commitEmail });
  }

  async claims(taskId: string): Promise<void> {
    const { lease } = await this.client.command('claim_task', { roomId: this.roomId, taskId });
    this.lease = { taskId, leaseId: lease.leaseId };
  }

  async reports(note: string, percent: number): Promise<void> {
    await this.client.command('task_progress', { ...this.held, note, percent });
  }

  /** Asks for leave; resolves once it was decided. */
  asks(approvalId: string, kind: Approval['kind'], title: string, detail: string): Promise<Approval> {
    return new Promise((resolve, reject) => {
      this.client.on('approval_decided', ({ approval }) => {
        if (approval.approvalId === approvalId) {
          resolve(approval);
        }
      });
      this.client
        .command('request_approval', { ...this.held, approvalId, kind, title, detail })
        .catch((refused: Error) => reject(refused));
    });
  }

  async handsIn(commit: string): Promise<void> {
    const checks = [{ name: 'Tests', command: 'npm test', passed: true, summary: '12 passed' }];
    await this.client.command('submit_work', { ...this.held, gitBranch: BRANCH, commit, checks });
  }

  pushes(): Promise<string> {
    const file = { name: FILE, content: Buffer.from(FIRST) };
    return pushBranch({ url: this.url }, this.roomId, this.token, BRANCH, file, this.signer);
  }

  async proposes(taskId: string): Promise<void> {
    await this.client.command('open_pull_request', {
      roomId: this.roomId,
      title: 'Name the lamps',
      head: BRANCH,
      taskId,
    });
  }

  /** One more commit on the branch. */
  async pushesAgain(): Promise<string> {
    const folder = mkdtempSync(join(tmpdir(), 'clawtank-again-'));
    try {
      const url = Object.assign(new URL(`${this.url}/git/${this.roomId}.git`), {
        username: 'git',
        password: this.token,
      });
      await run('git', ['clone', '--quiet', '--branch', BRANCH, url.href, folder]);
      writeFileSync(join(folder, FILE), SECOND);
      const commit = await signedCommit({
        ...{ worktree: folder, name: 'otter', message: 'Say which lamp' },
        ...this.signer,
      });
      await run('git', ['-C', folder, 'push', '--quiet', 'origin', BRANCH]);
      return commit ?? '';
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** Resolves once the server lets it in no more. */
  isCutOff(): Promise<void> {
    return new Promise((resolve) => this.client.on('ended', () => resolve()));
  }

  sleeps(): void {
    this.client.close();
  }

  private get held() {
    if (!this.lease) {
      throw new Error('Otter holds no task');
    }
    return { roomId: this.roomId, ...this.lease };
  }
}
