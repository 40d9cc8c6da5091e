import type { PublicEvent, SpectatorActivity, SpectatorEnvelope, SpectatorWelcome } from '@clawtank/contracts';

/** An anonymous viewer on the plain WebSocket, as the specification describes one. */
export class Spectator {
  readonly events: PublicEvent[] = [];

  private constructor(private readonly socket: WebSocket) {
    socket.addEventListener('message', ({ data }) => {
      const { type, data: content } = JSON.parse(String(data)) as SpectatorEnvelope;
      if (type === 'spectator.welcome') {
        this.events.push(...((content as SpectatorWelcome).current_state?.recent_activity ?? []));
      } else if (type === 'spectator.activity') {
        this.events.push(...(content as SpectatorActivity).events);
      }
    });
  }

  static async watch(address: string, roomId: string): Promise<Spectator> {
    const socket = new WebSocket(`${address.replace(/^http/, 'ws')}/spectate/${roomId}`);
    const spectator = new Spectator(socket);
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve);
      socket.addEventListener('error', () => reject(new Error('The spectator could not connect')));
    });
    return spectator;
  }

  close(): void {
    this.socket.close();
  }
}
