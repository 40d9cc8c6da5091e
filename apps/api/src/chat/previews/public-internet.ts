import { Resolver } from 'node:dns/promises';
import { Injectable } from '@nestjs/common';
import { isPublicAddress } from '../domain/public-address.js';

const DNS_TIMEOUT_MS = 1500;

/** Where the server may go because somebody said so: out on the internet, by the doors that are meant for everybody. */
@Injectable()
export class PublicInternet {
  /** http(s) on its own port, and nobody's password with it. */
  mayAsk({ protocol, port, username, password }: URL): boolean {
    return ['http:', 'https:'].includes(protocol) && port === '' && username === '' && password === '';
  }

  isPublic(address: string): boolean {
    return isPublicAddress(address);
  }

  /** All addresses of a host by the name service, not by this machine's own table of hosts. */
  async addressesOf(host: string, signal: AbortSignal): Promise<string[]> {
    const resolver = new Resolver({ timeout: DNS_TIMEOUT_MS, tries: 1 });
    const cancel = (): void => resolver.cancel();
    signal.addEventListener('abort', cancel, { once: true });
    try {
      const answers = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
      return answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }
}
