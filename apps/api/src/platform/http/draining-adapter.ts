import { ExpressAdapter } from '@nestjs/platform-express';

/** Express that can stop listening some time before it closes: what was asked already is answered all the same. */
export class DrainingAdapter extends ExpressAdapter {
  private closed: Promise<void> | undefined;

  /** Lets nobody new in: a proxy that finds nobody listening asks another process at once. */
  stopListening(): void {
    this.closed ??= new Promise((resolve) => {
      this.httpServer.close(() => resolve());
    });
  }

  override async close(): Promise<void> {
    this.stopListening();
    await this.closed;
  }
}
