import { once } from 'node:events';
import { createServer, request as requestOf, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { request as secureRequestOf } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { readRefUpdates } from '../wire/ref-updates.js';
import { Faults } from './faults.js';
import { GitGate } from './git-gate.js';
import { Line } from './line.js';
import type { Recorder } from './recorder.js';

const GIT_PATH = /^\/git\/.*\/(?:info\/refs\?service=git-(upload|receive)-pack|git-(upload|receive)-pack)/;
/** More of a push is not looked at to find out what it changes. */
const MAX_LIST_BYTES = 256 * 1024;

/** Stands between the agent and the server: passes everything on, writes down what counts, and does harm on command. */
export class Proxy {
  readonly faults = new Faults();
  readonly git = new GitGate();
  /** If set, every handshake is answered with this refusal. */
  refusal: string | null = null;
  private readonly sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  private readonly lines = new Set<Line>();
  private isRefusing = false;
  private lineCount = 0;
  private requestCount = 0;

  private constructor(
    private readonly http: Server,
    private readonly server: URL,
    private readonly recorder: Recorder,
  ) {
    http.on('request', (request, response) => void this.passOn(request, response));
    http.on('upgrade', (request, socket, head) => this.upgrade(request, socket, head));
  }

  static async start(server: URL, recorder: Recorder): Promise<Proxy> {
    const http = createServer();
    const proxy = new Proxy(http, server, recorder);
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}`;
  }

  get hasLine(): boolean {
    return this.lines.size > 0;
  }

  /** Cuts every line without a word. */
  cut(): void {
    for (const line of this.lines) {
      line.cut();
    }
  }

  /** Ends every connection in the server's name. */
  closeInServersName(): void {
    for (const line of this.lines) {
      line.closeInServersName();
    }
  }

  refuseConnections(isRefusing: boolean): void {
    this.isRefusing = isRefusing;
  }

  async stop(): Promise<void> {
    this.git.open();
    this.cut();
    this.sockets.close();
    this.http.closeAllConnections();
    this.http.close();
    await once(this.http, 'close');
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const url = request.url ?? '/';
    this.recorder.note({ kind: 'attempt', url, letIn: !this.isRefusing });
    if (this.isRefusing) {
      socket.destroy();
      return;
    }
    this.sockets.handleUpgrade(request, socket, head, (agent) => {
      const upstream = new URL(url, this.server);
      upstream.protocol = upstream.protocol.replace('http', 'ws');
      const line = new Line(++this.lineCount, agent, upstream, this.recorder, this.faults, () => this.refusal);
      this.lines.add(line);
      line.ended.then(
        () => this.lines.delete(line),
        () => undefined,
      );
    });
  }

  private async passOn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gitId = this.noteGit(request);
    request.on('error', () => undefined);
    response.on('error', () => undefined);
    if (gitId !== null && (await this.git.pass()) === 'fail') {
      request.resume();
      response.writeHead(503).end('The conformance kit has this request fail.\n');
      this.recorder.note({ kind: 'gitAnswered', id: gitId, status: 503 });
      return;
    }
    const ask = this.server.protocol === 'https:' ? secureRequestOf : requestOf;
    const upstream = ask(new URL(request.url ?? '/', this.server), {
      method: request.method,
      headers: { ...request.headers, host: this.server.host },
    });
    upstream.on('response', (answer) => {
      if (gitId !== null) {
        this.recorder.note({ kind: 'gitAnswered', id: gitId, status: answer.statusCode ?? 0 });
      }
      response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(response);
    });
    upstream.on('error', () => (response.headersSent ? response.destroy() : response.writeHead(502).end()));
    response.on('close', () => upstream.destroy());
    request.pipe(upstream);
  }

  /** Writes down a request to the repository: a push as soon as it has said what it would change. */
  private noteGit(request: IncomingMessage): number | null {
    const url = request.url ?? '/';
    const [matched, greeted, transferred] = GIT_PATH.exec(url) ?? [];
    if (matched === undefined) {
      return null;
    }
    const id = ++this.requestCount;
    const service = (greeted ?? transferred) === 'receive' ? 'push' : 'fetch';
    const step = greeted === undefined ? 'transfer' : 'greeting';
    const note = (refs: ReturnType<typeof readRefUpdates>): void =>
      this.recorder.note({ kind: 'git', id, url, service, step, refs: refs ?? [] });
    if (service === 'fetch' || step === 'greeting') {
      note([]);
      return id;
    }
    let beginning = Buffer.alloc(0);
    const read = (chunk: Buffer): void => {
      beginning = Buffer.concat([beginning, chunk]);
      const updates = readRefUpdates(beginning);
      if (updates || beginning.length > MAX_LIST_BYTES) {
        request.off('data', read);
        note(updates);
      }
    };
    request.on('data', read);
    request.pause(); // until it is piped on, so that nothing is read and lost
    return id;
  }
}
