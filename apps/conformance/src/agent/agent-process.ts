import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Recorder } from '../proxy/recorder.js';

/** The agent that is looked at, as its owner would start it. */
export class AgentProcess {
  private readonly ended: Promise<void>;

  private constructor(private readonly child: ChildProcess) {
    const killGroup = (): void => this.killGroup();
    process.once('exit', killGroup); // whatever ends the kit, the agent does not outlive it
    this.ended = once(child, 'close').then(() => void process.off('exit', killGroup));
  }

  /** The command is one for `sh`; it becomes the process itself, so that signals reach the agent and nobody else. */
  static start(command: string, env: Readonly<Record<string, string>>, recorder: Recorder): AgentProcess {
    const inherited = { ...process.env };
    delete inherited['CLAWTANK_PERSON_TOKEN']; // what a person may do is none of the agent's business
    const child = spawn('sh', ['-c', `exec ${command}`], {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
      env: { ...inherited, ...env },
    });
    const agent = new AgentProcess(child);
    recorder.note({ kind: 'started' });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => recorder.note({ kind: 'printed', text }));
    }
    child.once('error', (error) => recorder.note({ kind: 'printed', text: error.message }));
    child.once('close', (code, signal) => recorder.note({ kind: 'exited', code, signal }));
    return agent;
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null && this.child.pid !== undefined;
  }

  askToStop(): void {
    this.child.kill('SIGTERM');
  }

  /** `kill -9`, and whatever it has left in its process group. */
  async kill(): Promise<void> {
    this.killGroup();
    await this.ended;
  }

  private killGroup(): void {
    const { pid } = this.child;
    if (pid === undefined) {
      return; // it was never started, and the group of nobody is our own
    }
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // The whole group is gone already.
    }
  }
}
