import type { NestExpressApplication } from '@nestjs/platform-express';
import type { AddressInfo } from 'node:net';
import { SetupLink } from './auth/index.js';
import type { Settings } from './platform/config/settings.js';

/** Says where the server is to be found and, until there is an administrator, the one-time link that makes one. */
export async function announceStart(app: NestExpressApplication, settings: Settings): Promise<void> {
  const { port } = (app.getHttpServer() as { address(): AddressInfo }).address();
  const address = settings.port === 0 ? `http://localhost:${port}` : settings.publicUrl;
  console.log(`\n  ClawTank is ready:  ${address}`);
  if (settings.showSetupLink && settings.role !== 'worker') {
    const path = await app.get(SetupLink).ensure();
    if (path) {
      console.log(`  Make the administrator's account with this one-time link:\n  ${address}${path}`);
    }
  }
  console.log('');
}
