import type { IncomingMessage } from 'node:http';
import type { Socket } from 'socket.io';

/** Headers that somebody may still ask for: where the connection came from. */
const KEPT = ['origin', 'x-forwarded-for'];
const NOTHING = Object.freeze({});

/**
 * Lets go of what opened a connection, once its caller is known: the token, and kilobytes of headers that would otherwise live
 * as long as the connection. What remains of the request is enough for further namespaces on the same connection.
 */
export function forgetHandshake(socket: Socket): void {
  Object.assign(socket.handshake, { auth: NOTHING, headers: NOTHING, query: NOTHING, time: '', url: '' });
  const connection = socket.conn as { request: unknown };
  const { headers, socket: tcp } = connection.request as IncomingMessage;
  const kept = KEPT.flatMap((name): [string, unknown][] => (headers[name] ? [[name, headers[name]]] : []));
  connection.request = {
    headers: kept.length > 0 ? Object.fromEntries<unknown>(kept) : NOTHING,
    socket: tcp,
    connection: tcp,
    url: '/',
    _query: NOTHING,
  };
}
