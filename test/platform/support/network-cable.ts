import {
  type AddressInfo,
  connect,
  createServer,
  type IpcNetConnectOpts,
  type Server,
  type Socket,
  type TcpNetConnectOpts,
} from 'node:net';
import { once } from 'node:events';

/** A way to a service that can be cut, so that a test may lose its connections to what others go on using. */
export class NetworkCable {
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly port: number,
    private readonly target: URL,
  ) {
    server.on('connection', (near) => this.join(near, connect(endOf(target))));
  }

  /** Between this process and the service at `url`, which names host and port. */
  static async to(url: string): Promise<NetworkCable> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new NetworkCable(server, (server.address() as AddressInfo).port, new URL(url));
  }

  /** The service's address by way of this cable. */
  get url(): string {
    const url = new URL(this.target);
    url.searchParams.delete('host');
    url.hostname = '127.0.0.1';
    url.port = String(this.port);
    return url.href;
  }

  /** Ends every connection and lets none through. */
  async cut(): Promise<void> {
    if (this.server.listening) {
      this.server.close();
      this.sockets.forEach((socket) => socket.destroy());
      await once(this.server, 'close');
    }
  }

  /** Keeps every connection open and carries nothing. */
  clog(): void {
    this.sockets.forEach((socket) => socket.unpipe().pause());
  }

  async mend(): Promise<void> {
    if (!this.server.listening) {
      this.server.listen(this.port, '127.0.0.1');
      await once(this.server, 'listening');
    }
  }

  private join(near: Socket, far: Socket): void {
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        this.sockets.delete(socket);
        other.destroy();
      });
    }
    near.pipe(far).pipe(near);
  }
}

/** Where the service at `address` listens: a port, or the socket of a PostgreSQL that has none. */
function endOf({ protocol, hostname, port, searchParams }: URL): TcpNetConnectOpts | IpcNetConnectOpts {
  const folder = searchParams.get('host');
  const number = port || (protocol.startsWith('redis') ? '6379' : '5432');
  return folder?.startsWith('/') ? { path: `${folder}/.s.PGSQL.${number}` } : { host: hostname, port: Number(number) };
}
