import type { IncomingMessage } from 'node:http';
import { HttpAdapterHost } from '@nestjs/core';
import type { Express } from 'express';

type Trusts = (address: string, distance: number) => boolean;

/** The address of whoever opened a socket: as far as the trusted proxies say, just as Express has it for requests. */
export function clientAddress({ headers, socket }: IncomingMessage, { httpAdapter }: HttpAdapterHost): string {
  const trusts = httpAdapter.getInstance<Express>().get('trust proxy fn') as Trusts;
  const forwarded = String(headers['x-forwarded-for'] ?? '')
    .split(',')
    .map((address) => address.trim())
    .filter(Boolean);
  const nearestFirst = [socket.remoteAddress ?? '', ...forwarded.reverse()];
  return nearestFirst.find((address, distance) => !trusts(address, distance)) ?? nearestFirst.at(-1) ?? '';
}
