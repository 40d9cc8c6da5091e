import type { Server } from 'socket.io';

/** More namespaces than any client has use for, and few enough to look up a token for each. */
export const MAX_HANDSHAKES = 100;
/** How Socket.IO's packet begins by which a client asks to be let into a namespace. */
const CONNECT = '0';

interface EngineConnection {
  prependListener(event: 'data', listener: (data: string | Buffer | undefined) => void): void;
  close(): void;
}

/**
 * Closes a connection that asks to be let into namespaces again and again. Socket.IO makes a socket of its own for each request,
 * the same namespace asked for twice at once included, and each costs a look at the database.
 */
export function limitHandshakes(server: Server): void {
  server.engine.on('connection', (connection: EngineConnection) => {
    let handshakes = 0;
    // A message may be empty; then Engine.IO has nothing to hand on.
    connection.prependListener('data', (data) => {
      if (data?.[0] === CONNECT && ++handshakes > MAX_HANDSHAKES) {
        connection.close();
      }
    });
  });
}
