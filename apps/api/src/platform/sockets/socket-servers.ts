import type { ServerToClientEvents } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import type { Namespace, Server } from 'socket.io';
import type { Caller } from '../caller.js';

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

  /** Like `toMember`, for what is worthless a moment later: a socket that has something else waiting is left out. */
  toMemberLossily<Name extends keyof ServerToClientEvents>(
    memberId: string,
    name: Name,
    push: Parameters<ServerToClientEvents[Name]>[0],
  ): void {
    for (const namespace of this.namespaces) {
      namespace.to(`member:${memberId}`).volatile.emit(name, push);
    }
  }

  /**
   * Sends to every socket in `group` but those of one member, on whatever process they are. Lossy: a socket that has something
   * else waiting is left out.
   */
  toGroupLossily<Name extends keyof ServerToClientEvents>(
    group: string,
    exceptMemberId: string,
    name: Name,
    push: Parameters<ServerToClientEvents[Name]>[0],
  ): void {
    for (const namespace of this.namespaces) {
      namespace.to(group).except(`member:${exceptMemberId}`).volatile.emit(name, push);
    }
  }

  /** The sockets in `group`, on whatever process they are: whose they are, and in which groups else. If the others do not answer, those here. */
  async inGroup(group: string): Promise<{ memberId: string; groups: ReadonlySet<string> }[]> {
    const sockets = await Promise.all(
      this.namespaces.map((namespace) =>
        namespace
          .in(group)
          .fetchSockets()
          .catch(() => namespace.local.in(group).fetchSockets()),
      ),
    );
    return sockets
      .flat()
      .map(({ data, rooms }) => ({ memberId: (data as { caller: Caller }).caller.id, groups: rooms }));
  }

  /** All sockets of this process. */
  async socketsHere(): Promise<{ disconnect(closes: boolean): unknown }[]> {
    return (await Promise.all(this.namespaces.map((namespace) => namespace.local.fetchSockets()))).flat();
  }

  /** Sends to people's sockets of this process that are in `group`. */
  toPeopleHere<Name extends keyof ServerToClientEvents>(
    group: string,
    name: Name,
    push: Parameters<ServerToClientEvents[Name]>[0],
  ): void {
    for (const namespace of this.namespaces.filter(isForPeople)) {
      namespace.local.to(group).emit(name, push);
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

/** Agents have a namespace of their own. */
const isForPeople = (server: Server | Namespace): boolean => !('name' in server) || server.name === '/';
