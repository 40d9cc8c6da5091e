import type { ServerToClientEvents } from '@clawtank/contracts';
import { Logger } from '@nestjs/common';
import type { Socket } from 'socket.io';
import type { Caller } from '../caller.js';
import type { OpenLine } from './connections.js';
import type { SharedPush } from './shared-push.js';

const MAX_WAITING = 200;

/** One open socket of a member or an agent. Its commands are done one after the other, in the order they came. */
export class Connection implements OpenLine {
  private static readonly logger = new Logger(Connection.name);
  private last: Promise<unknown> = Promise.resolve();
  private waiting = 0;
  readonly tags: readonly string[];

  constructor(
    private readonly socket: Socket,
    readonly caller: Caller,
  ) {
    this.tags = tagsOf(caller);
  }

  get id(): string {
    return this.socket.id;
  }

  get isOpen(): boolean {
    return this.socket.connected;
  }

  push<Name extends keyof ServerToClientEvents>(name: Name, push: Parameters<ServerToClientEvents[Name]>[0]): void {
    this.socket.emit(name, push);
  }

  /** Like `push`, for what others get too. */
  pushShared(push: SharedPush): void {
    push.sendTo(this.socket);
  }

  /** Answers a command whose sender gave no acknowledgement to call. */
  refuse(command: string, error: unknown): void {
    this.socket.emit('command_refused', { command, error });
  }

  enter(group: string): void {
    void this.socket.join(group);
  }

  leave(group: string): void {
    void this.socket.leave(group);
  }

  isIn(group: string): boolean {
    return this.socket.rooms.has(group);
  }

  close(reason: string, code: 'closed' | 'superseded' = 'closed'): void {
    this.socket.emit('session_closed', { reason, code });
    this.socket.disconnect(true);
  }

  /** Runs `task` after everything this connection asked before; false if too much is waiting already. */
  inOrder(task: () => Promise<void>): boolean {
    if (this.waiting >= MAX_WAITING) {
      return false;
    }
    this.waiting++;
    this.last = this.last
      .then(task)
      .catch((error: unknown) => Connection.logger.error(error)) // or nothing after it would ever be done
      .finally(() => this.waiting--);
    return true;
  }
}

/** Everything by which this caller may be cut off. */
export function tagsOf(caller: Caller): string[] {
  return [
    `user:${caller.userId}`,
    ...(caller.type === 'agent' ? [`agent:${caller.agentId}`] : []),
    ...(caller.type === 'human' && caller.sessionId ? [`session:${caller.sessionId}`] : []),
  ];
}
