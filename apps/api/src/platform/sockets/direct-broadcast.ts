import type { Namespace, Server } from 'socket.io';
import { DirectTransport } from './direct-transport.js';
import { EncodedPacket } from './encoded-packet.js';
import { Outgoing } from './outgoing.js';

type Broadcast = Namespace['adapter']['broadcast'];
type Packet = { type: number; data: unknown[] };
type MakeTransport = (name: string, request: ConstructorParameters<typeof DirectTransport>[0]) => unknown;

/**
 * Lets a Socket.IO server encode and frame a broadcast once for all its receivers and write to their TCP sockets once a turn. Behind
 * its own seams: the transports that Engine.IO makes, and `broadcast` of whatever adapter a namespace has. `tooSlow` is called for
 * each connection that is cut off because too much was waiting for it.
 */
export function sendDirectly(server: Server, tooSlow: () => void): void {
  const outgoing = new Outgoing();
  const engine = server.engine as unknown as { createTransport: MakeTransport };
  const ordinary = engine.createTransport.bind(engine);
  engine.createTransport = (name, request) =>
    name === 'websocket' ? new DirectTransport(request, outgoing, tooSlow) : ordinary(name, request);

  broadcastDirectly(server.of('/'));
  server.on('new_namespace', broadcastDirectly);
}

/** Only what is for one room of this very process; all else goes the adapter's way, over Redis too. */
function broadcastDirectly(namespace: Namespace): void {
  const { adapter } = namespace;
  const ordinary: Broadcast = adapter.broadcast.bind(adapter);
  adapter.broadcast = (packet: Packet, options: Parameters<Broadcast>[1]) => {
    const { rooms, except, flags } = options;
    if (flags?.local && !flags.volatile && rooms.size === 1 && !except?.size) {
      const [room = ''] = rooms;
      broadcastTo(namespace, adapter.rooms.get(room), packet);
    } else {
      ordinary(packet, options);
    }
  };
}

function broadcastTo(namespace: Namespace, ids: ReadonlySet<string> | undefined, packet: Packet): void {
  if (!ids) {
    return;
  }
  const encoded = new EncodedPacket(namespace, packet);
  for (const id of ids) {
    const socket = namespace.sockets.get(id);
    if (socket) {
      encoded.sendTo(socket);
    }
  }
}
