import { AgentAction, type CommandName, commandOfAction, type PushName, type Reply } from '@clawtank/contracts';
import { WebSocket } from 'ws';
import type { Fate } from '../domain/entry.js';
import { DISCONNECT_FRAME, type Packet, readPacket, refusalFrame } from '../wire/packets.js';
import type { Faults, Passing } from './faults.js';
import type { Recorder } from './recorder.js';

interface Asked {
  readonly name: CommandName;
  readonly request: Readonly<Record<string, unknown>>;
}

/** One WebSocket of the agent, and the one to the server that stands for it. */
export class Line {
  readonly ended: Promise<void>;
  private readonly server: WebSocket;
  private readonly early: string[] = [];
  private readonly asked = new Map<number, Asked>();
  private closedBy: 'agent' | 'server' | 'kit' | null = null;

  constructor(
    private readonly id: number,
    private readonly agent: WebSocket,
    upstream: URL,
    private readonly recorder: Recorder,
    private readonly faults: Faults,
    private readonly refusal: () => string | null,
  ) {
    recorder.note({ kind: 'opened', line: id });
    this.server = new WebSocket(upstream, { perMessageDeflate: false });
    this.server.on('open', () => this.early.splice(0).forEach((frame) => this.server.send(frame)));
    this.server.on('message', (data, isBinary) => this.fromServer(textOf(data), isBinary));
    this.server.on('close', (code) => this.end('server', code));
    this.server.on('error', () => this.end('server'));
    agent.on('message', (data, isBinary) => this.fromAgent(textOf(data), isBinary));
    agent.on('error', () => this.end('agent'));
    this.ended = new Promise((resolve) =>
      agent.on('close', () => {
        this.end('agent');
        resolve();
      }),
    );
  }

  cut(): void {
    this.end('kit');
  }

  closeInServersName(): void {
    this.agent.send(DISCONNECT_FRAME);
    this.end('kit', 1000);
  }

  private fromAgent(frame: string, isBinary: boolean): void {
    const packet = isBinary ? null : readPacket(frame);
    if (packet) {
      const refusal = this.refusal();
      this.noteFromAgent(packet);
      if (packet.type === 'connect' && refusal) {
        this.recorder.deed('refusedHandshake', { code: refusal });
        this.agent.send(refusalFrame(refusal, 'Refused by the conformance kit'));
        return;
      }
    }
    if (this.server.readyState === WebSocket.CONNECTING) {
      this.early.push(frame);
    } else if (this.server.readyState === WebSocket.OPEN) {
      this.server.send(frame, { binary: isBinary });
    }
  }

  private noteFromAgent(packet: Packet): void {
    if (packet.type === 'connect') {
      const { token } = (packet.data ?? {}) as { token?: unknown };
      this.recorder.note({ kind: 'handshake', line: this.id, hasToken: typeof token === 'string' });
    } else if (packet.type === 'event') {
      const asked = meant(packet.name, recordOf(packet.args[0]));
      if (packet.ack !== null) {
        this.asked.set(packet.ack, asked);
      }
      this.recorder.note({ kind: 'asked', line: this.id, ack: packet.ack, ...asked });
    }
  }

  private fromServer(frame: string, isBinary: boolean): void {
    const packet = isBinary ? null : readPacket(frame);
    const passing = packet && this.passingOf(packet);
    const treatment = passing && this.faults.take(passing);
    switch (treatment?.fate) {
      case 'swallow':
        this.noteFromServer(packet, 'swallowed');
        return;
      case 'repeat':
        this.deliver(frame, packet, 'delivered');
        this.deliver(frame, packet, 'repeated');
        return;
      case 'hold':
        setTimeout(() => this.deliver(frame, packet, 'delivered'), treatment.forMs);
        return;
      default:
        this.deliver(frame, packet, 'delivered', isBinary);
    }
  }

  private deliver(frame: string, packet: Packet | null, fate: Fate, isBinary = false): void {
    if (this.agent.readyState === WebSocket.OPEN) {
      this.noteFromServer(packet, fate);
      this.agent.send(frame, { binary: isBinary });
    } else {
      this.noteFromServer(packet, 'swallowed');
    }
  }

  private passingOf(packet: Packet): Passing | null {
    if (packet.type === 'event') {
      return { kind: 'push', name: packet.name, data: recordOf(packet.args[0]) };
    }
    const asked = packet.type === 'ack' ? this.asked.get(packet.ack) : undefined;
    return asked ? { kind: 'answer', name: asked.name, data: asked.request } : null;
  }

  private noteFromServer(packet: Packet | null, fate: Fate): void {
    if (packet?.type === 'event') {
      const data = recordOf(packet.args[0]);
      this.recorder.note({ kind: 'pushed', line: this.id, name: packet.name as PushName, data, fate });
    } else if (packet?.type === 'ack') {
      const asked = this.asked.get(packet.ack);
      if (asked) {
        const reply = packet.args[0] as Reply<unknown>;
        this.recorder.note({ kind: 'answered', line: this.id, ack: packet.ack, ...asked, reply, fate });
      }
    }
  }

  /** `code` is what the agent is told; without one the line is cut. */
  private end(by: 'agent' | 'server' | 'kit', code?: number): void {
    if (this.closedBy) {
      return;
    }
    this.closedBy = by;
    this.recorder.note({ kind: 'closed', line: this.id, by });
    this.server.terminate();
    if (code !== undefined && (code === 1000 || code >= 3000)) {
      this.agent.close(code);
    } else if (code === 1005) {
      this.agent.close();
    } else {
      this.agent.terminate();
    }
  }
}

/** The command that is meant: the specification's one message for agents is each of them in another shape. */
function meant(name: string, request: Readonly<Record<string, unknown>>): Asked {
  const action = name === 'agent_action' ? AgentAction.safeParse(request) : null;
  const command = action?.success ? commandOfAction(action.data) : { name: name as CommandName, request };
  return { name: command.name, request: recordOf(command.request) };
}

const recordOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

const textOf = (data: WebSocket.RawData): string =>
  (Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer)).toString('utf8');
