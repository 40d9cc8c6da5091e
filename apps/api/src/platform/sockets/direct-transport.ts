import type { Socket as TcpSocket } from 'node:net';
import { MEMBER_CLOSE_CODES } from '@clawtank/contracts';
import { Transport } from 'engine.io';
import { mergeFrames, type Outgoing, type Receiver } from './outgoing.js';
import { textFrame } from './text-frame.js';

type EngineRequest = ConstructorParameters<typeof Transport>[0] & { readonly websocket?: WebSocketOfEngine };
type Packet = Parameters<Transport['send']>[0][number];

/** What is used of a socket of `ws`. `_socket` is not for the public; a test watches that it stays what it is. */
interface WebSocketOfEngine {
  readonly readyState: number;
  /** Extensions agreed upon, e.g. compression; empty if none. */
  readonly extensions: string;
  readonly _socket: TcpSocket | null;
  on(event: 'message', listener: (data: Buffer, isBinary: boolean) => void): void;
  on(event: 'error', listener: (error: Error) => void): void;
  once(event: 'close', listener: () => void): void;
  send(data: string | Buffer): void;
  close(code?: number, reason?: string): void;
  terminate(): void;
}

const OPEN = 1;
const NONE: readonly Buffer[] = [];
/** How long a connection that is cut off may take to say goodbye. */
const CLOSE_MS = 5000;

/**
 * More than this never waits for one member when something new is to be sent: whoever is that far behind is cut off, and recovers by
 * coming back. Larger than the largest snapshot, which is sent as a whole.
 */
export const MAX_WAITING_BYTES = 4 * 1024 * 1024;
/** With this much waiting already, what comes behind it will wait for long. */
const LAGGING_BYTES = 256 * 1024;

/**
 * Engine.IO's WebSocket, with frames written to the TCP socket itself, by one write a turn. Everything that Socket.IO sends comes
 * through `send`, and what is broadcast comes through `take`, so that both stay in order whoever calls first.
 */
export class DirectTransport extends Transport implements Receiver {
  frames: Buffer[] = NONE as Buffer[];
  readonly socket: WebSocketOfEngine;
  /** Compressed frames are made by `ws`, one by one. */
  private readonly isCompressing: boolean;

  constructor(
    request: EngineRequest,
    private readonly outgoing: Outgoing,
    private readonly tooSlow: () => void,
  ) {
    super(request);
    if (!request.websocket) {
      throw new Error('There is no WebSocket in this request');
    }
    this.socket = request.websocket;
    this.isCompressing = request.websocket.extensions !== '';
    this.socket.on('message', (data, isBinary) => this.onData(isBinary ? data : data.toString()));
    this.socket.once('close', () => this.onClose());
    this.socket.on('error', (error) => this.onError('websocket error', error));
    this.writable = true;
  }

  get name(): string {
    return 'websocket';
  }

  override send(packets: Packet[]): void {
    for (const packet of packets) {
      // Calls back before it returns, because it is text or bytes already.
      this.parser.encodePacket(packet, true, (encoded: unknown) => this.pass(encoded as string | Buffer));
    }
    this.emit('drain'); // nothing waits in Engine.IO: `writable` stays true
  }

  /** Takes a whole frame, to be sent behind everything before it; false if this socket must go the ordinary way. */
  take(frame: Buffer): boolean {
    if (!this.isDirect) {
      return false;
    }
    this.wait(frame);
    return true;
  }

  write(bytes: Buffer): void {
    this.frames = NONE as Buffer[];
    const tcp = this.socket._socket;
    if (!tcp || this.socket.readyState !== OPEN) {
      return; // it is closing: nobody is there to read it
    }
    if (tcp.writableLength > MAX_WAITING_BYTES) {
      this.cutOff();
    } else {
      tcp.write(tcp.writableLength > LAGGING_BYTES ? owned(bytes) : bytes);
    }
  }

  writeEach(frames: readonly Buffer[]): void {
    const tcp = this.socket._socket;
    tcp?.cork();
    frames.forEach((frame) => this.write(frame));
    tcp?.uncork();
  }

  override doClose(done?: () => void): void {
    this.writeNow();
    this.socket.close();
    done?.();
  }

  /** A plain, open WebSocket, whose frames are as we would make them. */
  private get isDirect(): boolean {
    return !this.isCompressing && this.socket.readyState === OPEN && this.readyState === 'open';
  }

  private pass(encoded: string | Buffer): void {
    if (typeof encoded === 'string' && this.isDirect) {
      this.wait(textFrame(encoded));
    } else {
      this.writeNow();
      this.socket.send(encoded);
    }
  }

  private wait(frame: Buffer): void {
    if (this.frames.length > 0) {
      this.frames.push(frame);
    } else {
      this.frames = [frame];
      this.outgoing.add(this);
    }
  }

  private writeNow(): void {
    if (this.frames.length > 0) {
      this.write(mergeFrames(this.frames));
    }
  }

  /** The member learns why if it still reads what waits for it; its room in memory is given back soon, whatever it does. */
  private cutOff(): void {
    this.tooSlow();
    this.socket.close(MEMBER_CLOSE_CODES.tooSlow, 'Reading too slowly');
    setTimeout(() => this.socket.terminate(), CLOSE_MS).unref();
    this.onClose();
  }
}

/**
 * The same bytes in memory of their own. Small buffers share theirs with whatever was made at the same time, and would keep all of
 * it, many times their size, for as long as they wait.
 */
function owned(bytes: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(copy);
  return copy;
}
