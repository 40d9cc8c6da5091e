import type { Namespace, Socket } from 'socket.io';
import { DirectTransport } from './direct-transport.js';
import { textFrame } from './text-frame.js';

/** An event of one namespace, encoded and framed once for all its receivers. */
export class EncodedPacket {
  private readonly parts: readonly (string | Buffer)[];
  private readonly frame: Buffer | null;

  constructor(
    { name, server }: Namespace,
    private readonly packet: { readonly type: number; readonly data: unknown[] },
  ) {
    this.parts = server.encoder.encode({ ...packet, nsp: name }) as (string | Buffer)[];
    const [text] = this.parts;
    this.frame = this.parts.length === 1 && typeof text === 'string' ? textFrame(`4${text}`) : null;
  }

  /** Behind everything that was sent to the socket before. */
  sendTo(socket: Socket): void {
    for (const listener of socket.listenersAnyOutgoing()) {
      listener.apply(socket, this.packet.data);
    }
    const transport: unknown = socket.conn.transport;
    if (!this.frame || !(transport instanceof DirectTransport) || !transport.take(this.frame)) {
      this.parts.forEach((part) => socket.conn.write(part));
    }
  }
}
