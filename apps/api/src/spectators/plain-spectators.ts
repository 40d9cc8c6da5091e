import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { SPECTATOR_CLOSE_CODES, type SpectatorCloseCode, type SpectatorConnect } from '@clawtank/contracts';
import { type BeforeApplicationShutdown, Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { type RawData, WebSocket, WebSocketServer } from 'ws';
import { SETTINGS, type Settings } from '../platform/config/settings.js';
import { isKnownOrigin, MAX_FRAME_BYTES } from '../platform/sockets/socket.adapter.js';
import { clientAddress } from './client-address.js';
import { readAddress, readFrame } from './domain/incoming-message.js';
import { SpectatedRooms } from './spectated-rooms.js';
import { SpectatorDesk } from './spectator-desk.js';
import { CLOSE_MS, MAX_WAITING_BYTES, type SpectatorLine, type SpectatorTransport } from './spectator-line.js';
import type { SpectatorMessage } from './spectator-message.js';

const PING_MS = 25_000;

/** Spectators over a plain WebSocket: the specification's endpoint `/spectate/:roomId`, one envelope a text frame. */
@Injectable()
export class PlainSpectators implements OnModuleInit, BeforeApplicationShutdown, SpectatorTransport {
  private readonly server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: false,
  });
  private readonly followers = new Map<string, Set<PlainLine>>();
  private readonly unanswered = new WeakSet<WebSocket>();
  private readonly heartbeat = setInterval(() => this.ping(), PING_MS).unref();

  constructor(
    private readonly desk: SpectatorDesk,
    private readonly http: HttpAdapterHost,
    @Inject(SETTINGS) private readonly settings: Settings,
    rooms: SpectatedRooms,
  ) {
    rooms.addTransport(this);
  }

  onModuleInit(): void {
    if (this.settings.role !== 'worker') {
      (this.http.httpAdapter.getHttpServer() as Server).on('upgrade', this.upgrade);
    }
  }

  broadcast(roomId: string, message: SpectatorMessage): void {
    this.followers.get(roomId)?.forEach((line) => line.send(message));
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.heartbeat);
    this.desk.drain();
    const deadline = Date.now() + CLOSE_MS;
    while (this.server.clients.size > 0 && Date.now() < deadline) {
      await wait(20);
    }
    this.server.clients.forEach((socket) => socket.terminate());
  }

  /** Engine.IO listens beside us and leaves alone what is answered at once. */
  private readonly upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const address = readAddress(request.url ?? '');
    if (!address) {
      return;
    }
    if (!isKnownOrigin(request, this.settings)) {
      socket.on('error', () => socket.destroy());
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    this.server.handleUpgrade(request, socket, head, (opened) =>
      this.accept(opened, address.roomId, clientAddress(request, this.http), address.connect),
    );
  };

  private accept(socket: WebSocket, roomId: string, address: string, connect: SpectatorConnect): void {
    const line = new PlainLine(socket, roomId, address, this.followers);
    const session = this.desk.open(line);
    socket.on('message', (frame: RawData, isBinary) =>
      session.receive(isBinary ? { ok: false, why: 'Binary frames mean nothing here' } : readFrame(textOf(frame))),
    );
    socket.on('pong', () => this.unanswered.delete(socket));
    socket.on('error', () => undefined); // a frame that is none or too large: ws closes the connection by itself
    socket.on('close', () => {
      line.unfollow();
      session.end();
    });
    session.arrive(connect);
  }

  private ping(): void {
    for (const socket of this.server.clients) {
      if (this.unanswered.has(socket)) {
        socket.terminate();
      } else {
        this.unanswered.add(socket);
        socket.ping();
      }
    }
  }
}

class PlainLine implements SpectatorLine {
  constructor(
    private readonly socket: WebSocket,
    readonly roomId: string,
    readonly address: string,
    private readonly followers: Map<string, Set<PlainLine>>,
  ) {}

  send(message: SpectatorMessage): void {
    if (this.socket.readyState !== WebSocket.OPEN) {
      return;
    }
    if (this.socket.bufferedAmount > MAX_WAITING_BYTES) {
      this.close(SPECTATOR_CLOSE_CODES.tooSlow, 'Reading too slowly');
    } else {
      this.socket.send(message.bytes, { binary: false });
    }
  }

  follow(): void {
    const followers = this.followers.get(this.roomId) ?? new Set();
    this.followers.set(this.roomId, followers.add(this));
  }

  unfollow(): void {
    const followers = this.followers.get(this.roomId);
    if (followers?.delete(this) && followers.size === 0) {
      this.followers.delete(this.roomId);
    }
  }

  close(code: SpectatorCloseCode, reason: string): void {
    this.unfollow();
    this.socket.close(code, reason);
    setTimeout(() => this.socket.terminate(), CLOSE_MS).unref();
  }
}

const textOf = (frame: RawData): string =>
  (Array.isArray(frame) ? Buffer.concat(frame) : Buffer.from(frame as Buffer)).toString('utf8');
