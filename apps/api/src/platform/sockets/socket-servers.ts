import type { ServerToClientEvents } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import type { Namespace, Server } from 'socket.io';

/** The way to members' sockets for features, which never see a socket server themselves. */
@Injectable()
export class SocketServers {
  private readonly namespaces: (Server | Namespace)[] = [];

  /** Called by the gateways once they exist. */
  add(server: Server | Namespace): void {
    this.namespaces.push(server);
  }

  /** Sends to every socket of one person or agent, on whatever process it is. */
  toMember<Name extends keyof ServerToClientEvents>(
    memberId: string,
    name: Name,
    push: Parameters<ServerToClientEvents[Name]>[0],
  ): void {
    for (const namespace of this.namespaces) {
      namespace.to(`member:${memberId}`).emit(name, push);
    }
  }

  /** Sends to the sockets of this process that are in `group`. */
  toGroupHere<Name extends keyof ServerToClientEvents>(
    group: string,
    name: Name,
    push: Parameters<ServerToClientEvents[Name]>[0],
  ): void {
    for (const namespace of this.namespaces) {
      namespace.local.to(group).emit(name, push);
    }
  }
}
