import type { AddressInfo } from 'node:net';
import { Inject, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { SETTINGS, type Settings } from './config/settings.js';

const ANY_ADDRESS = new Set(['0.0.0.0', '::', '']);

/** Where this installation's own HTTP interface is reached from this process. */
@Injectable()
export class OwnAddress {
  constructor(
    private readonly http: HttpAdapterHost,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** `http://host:port` of this very process if it serves, of the public address otherwise. */
  get url(): string {
    const server = this.http.httpAdapter.getHttpServer() as { address(): AddressInfo | string | null };
    const address = server.address();
    if (this.settings.role === 'worker' || address === null || typeof address === 'string') {
      return this.settings.publicUrl;
    }
    const host = ANY_ADDRESS.has(this.settings.host) ? '127.0.0.1' : this.settings.host;
    return `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`;
  }
}
