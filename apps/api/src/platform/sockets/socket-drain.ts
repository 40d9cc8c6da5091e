import { setTimeout as wait } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { DrainingAdapter } from '../http/draining-adapter.js';
import { SocketServers } from './socket-servers.js';

export const SLICE_MS = 100;
/** As many as another process takes in at ease. */
const LEAST_A_SLICE = 25;
/** However many there are, the last one goes after five seconds. */
const MOST_SLICES = 50;

/** How many of `count` sockets go at a time. */
export const sliceOf = (count: number): number => Math.max(LEAST_A_SLICE, Math.ceil(count / MOST_SLICES));

/**
 * Lets go of members' sockets a few at a time when the process stops, so that a thousand clients do not come back to the others in
 * one moment. Who has not gone yet is served as before.
 */
@Injectable()
export class SocketDrain implements BeforeApplicationShutdown {
  constructor(
    private readonly servers: SocketServers,
    private readonly http: HttpAdapterHost,
  ) {}

  async beforeApplicationShutdown(): Promise<void> {
    const { httpAdapter } = this.http;
    if (httpAdapter instanceof DrainingAdapter) {
      httpAdapter.stopListening();
    }
    const sockets = await this.servers.socketsHere();
    const slice = sliceOf(sockets.length);
    for (let start = 0; start < sockets.length; start += slice) {
      if (start > 0) {
        await wait(SLICE_MS);
      }
      sockets.slice(start, start + slice).forEach((socket) => socket.disconnect(true));
    }
  }
}
