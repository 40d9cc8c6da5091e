import { SpectatorConnect } from '@clawtank/contracts';
import type { BeforeApplicationShutdown } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { type OnGatewayConnection, WebSocketGateway } from '@nestjs/websockets';
import type { Namespace, Socket } from 'socket.io';
import { clientAddress } from './client-address.js';
import { readEnvelope } from './domain/incoming-message.js';
import { SpectatedRooms } from './spectated-rooms.js';
import { SpectatorDesk } from './spectator-desk.js';
import { CLOSE_MS, type SpectatorLine, type SpectatorTransport } from './spectator-line.js';
import type { SpectatorMessage } from './spectator-message.js';

const FOLLOWERS = 'followers';

/**
 * Spectators over Socket.IO: a namespace for each room. Every message is emitted under its type's name with the envelope as
 * payload, and clients send theirs likewise; what a plain WebSocket says in its address comes in the `auth` payload here.
 */
@WebSocketGateway({ namespace: /^\/spectate\/[^/]+$/ })
export class SpectatorsGateway implements OnGatewayConnection<Socket>, BeforeApplicationShutdown, SpectatorTransport {
  /** Usually one a room. A namespace that just became empty is replaced, while somebody may still be arriving in it. */
  private readonly namespaces = new Map<string, Set<Namespace>>();

  constructor(
    private readonly desk: SpectatorDesk,
    private readonly http: HttpAdapterHost,
    rooms: SpectatedRooms,
  ) {
    rooms.addTransport(this);
  }

  handleConnection(socket: Socket): void {
    const roomId = socket.nsp.name.slice('/spectate/'.length);
    const line = new SocketIoLine(socket, roomId, clientAddress(socket.request, this.http));
    const session = this.desk.open(line);
    this.keep(roomId, socket.nsp);

    socket.onAny((type: string, envelope: unknown) =>
      session.receive(readEnvelope(typeof envelope === 'object' ? { ...envelope, type } : envelope)),
    );
    socket.on('disconnect', () => {
      session.end();
      this.forgetIfEmpty(roomId, socket.nsp);
    });
    const handshake = SpectatorConnect.safeParse(socket.handshake.auth);
    session.arrive(handshake.success ? handshake.data : {});
  }

  broadcast(roomId: string, { envelope }: SpectatorMessage): void {
    for (const namespace of this.namespaces.get(roomId) ?? []) {
      namespace.local.to(FOLLOWERS).emit(envelope.type, envelope);
    }
  }

  beforeApplicationShutdown(): void {
    this.desk.drain();
  }

  private keep(roomId: string, namespace: Namespace): void {
    const namespaces = this.namespaces.get(roomId) ?? new Set();
    this.namespaces.set(roomId, namespaces.add(namespace));
  }

  private forgetIfEmpty(roomId: string, namespace: Namespace): void {
    const namespaces = this.namespaces.get(roomId);
    if (namespace.sockets.size === 0 && namespaces?.delete(namespace) && namespaces.size === 0) {
      this.namespaces.delete(roomId);
    }
  }
}

/** What waits for it is bounded where all of Socket.IO's connections are: by the transport. */
class SocketIoLine implements SpectatorLine {
  constructor(
    private readonly socket: Socket,
    readonly roomId: string,
    readonly address: string,
  ) {}

  send({ envelope }: SpectatorMessage): void {
    this.socket.emit(envelope.type, envelope);
  }

  follow(): void {
    void this.socket.join(FOLLOWERS);
  }

  unfollow(): void {
    void this.socket.leave(FOLLOWERS);
  }

  close(): void {
    this.socket.disconnect(true);
    setTimeout(() => this.terminate(), CLOSE_MS).unref(); // a client that does not read would never notice
  }

  private terminate(): void {
    this.socket.request.socket.destroy();
  }
}
