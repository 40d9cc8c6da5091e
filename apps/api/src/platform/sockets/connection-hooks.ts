import { Injectable } from '@nestjs/common';
import type { Connection } from './connection.js';

interface Hook {
  opened?(connection: Connection): void;
  closed?(connection: Connection): void;
}

/** Tells features of members' connections that came and went in this process. */
@Injectable()
export class ConnectionHooks {
  private readonly hooks: Hook[] = [];

  add(hook: Hook): void {
    this.hooks.push(hook);
  }

  opened(connection: Connection): void {
    this.hooks.forEach((hook) => hook.opened?.(connection));
  }

  closed(connection: Connection): void {
    this.hooks.forEach((hook) => hook.closed?.(connection));
  }
}
