import type { ServerToClientEvents } from '@clawtank/contracts';
import type { Socket } from 'socket.io';
import { EncodedPacket } from './encoded-packet.js';

/** Socket.IO's number of an event. */
const EVENT = 2;

/** A push that is the same for several connections: encoded once for each namespace that they are in. */
export class SharedPush<Name extends keyof ServerToClientEvents = keyof ServerToClientEvents> {
  private readonly encoded = new Map<string, EncodedPacket>();

  constructor(
    private readonly name: Name,
    private readonly push: Parameters<ServerToClientEvents[Name]>[0],
  ) {}

  sendTo(socket: Socket): void {
    const { nsp } = socket;
    const encoded = this.encoded.get(nsp.name) ?? new EncodedPacket(nsp, { type: EVENT, data: [this.name, this.push] });
    this.encoded.set(nsp.name, encoded);
    encoded.sendTo(socket);
  }
}
