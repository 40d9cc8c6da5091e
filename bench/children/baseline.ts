// What the product is compared with: the same messages in the same words over the same wire, without accounts or permission.
import { randomUUID } from 'node:crypto';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import 'reflect-metadata';
import { Server } from 'socket.io';
import { DataSource } from 'typeorm';
import * as ws from 'ws';
import type { Baseline } from '../workload.js';

type Acknowledge = (reply: unknown) => void;
interface Said {
  readonly roomId: string;
  readonly message: string;
  readonly clientMessageId: string;
}

const EPOCH = randomUUID();
const AUTHOR = { type: 'human', id: randomUUID(), name: 'bench-0000-0000' };
let seq = 0;

/** The product's own message, field by field. */
const messageOf = ({ roomId, message, clientMessageId }: Said) => ({
  type: 'chat_message',
  id: randomUUID(),
  roomId,
  seq: ++seq,
  userId: AUTHOR.id,
  author: AUTHOR,
  message,
  mentions: [],
  mentionsHere: false,
  visibility: 'public',
  trust: 'member',
  replyTo: null,
  threadId: null,
  thread: null,
  attachments: [],
  preview: null,
  reactions: [],
  clientMessageId,
  timestamp: new Date().toISOString(),
  editedAt: null,
  deletedAt: null,
  pinnedAt: null,
});
const joined = (roomId: string) => ({ ok: true, data: { roomId, epoch: EPOCH, seq } });

async function serveSocketIo(http: HttpServer, kind: Exclude<Baseline, 'ws'>): Promise<void> {
  const io = new Server(http, { transports: ['websocket'], serveClient: false });
  if (kind === 'direct') {
    const built = new URL('../../dist/api/apps/api/src/platform/sockets/direct-broadcast.js', import.meta.url).href;
    const { sendDirectly } = (await import(built)) as {
      sendDirectly: (server: Server, tooSlow: () => void) => void;
    };
    sendDirectly(io, () => console.error('A socket was cut off'));
  }
  const store = kind === 'transaction' ? await storeByTransaction() : null;
  const toRoom = (roomId: string) => (kind === 'direct' ? io.local.to(roomId) : io.to(roomId));

  io.on('connection', (socket) => {
    socket.on('join_room', ({ roomId }: { roomId: string }, acknowledge: Acknowledge) => {
      void socket.join(roomId);
      acknowledge(joined(roomId));
    });
    socket.on('chat_message', (said: Said, acknowledge: Acknowledge) => {
      const tell = (message: ReturnType<typeof messageOf>) => {
        toRoom(said.roomId).emit('message_broadcast', { roomId: said.roomId, epoch: EPOCH, message });
        acknowledge({ ok: true, data: message });
      };
      if (store) {
        void store(messageOf(said)).then(tell);
      } else {
        tell(messageOf(said));
      }
    });
  });
}

/** As one would write it first: the room's number, the message, and its entry in the log, in a transaction of their own. */
async function storeByTransaction() {
  const dataSource = await new DataSource({
    type: 'postgres',
    url: process.env['DATABASE_URL'] ?? '',
    poolSize: 20,
  }).initialize();
  await dataSource.query(`
    CREATE TABLE IF NOT EXISTS baseline_rooms (id uuid PRIMARY KEY, last_seq bigint NOT NULL DEFAULT 0);
    CREATE TABLE IF NOT EXISTS baseline_messages (id uuid PRIMARY KEY, room_id uuid NOT NULL REFERENCES baseline_rooms, seq bigint NOT NULL,
      author_id uuid NOT NULL, body text NOT NULL, client_message_id text NOT NULL, payload jsonb NOT NULL,
      created_at timestamptz NOT NULL, UNIQUE (room_id, seq), UNIQUE (author_id, client_message_id))`);
  return (message: ReturnType<typeof messageOf>) =>
    dataSource.transaction(async (manager) => {
      const [room] = await manager.query<{ last_seq: string }[]>(
        `INSERT INTO baseline_rooms (id, last_seq) VALUES ($1, 1)
         ON CONFLICT (id) DO UPDATE SET last_seq = baseline_rooms.last_seq + 1 RETURNING last_seq`,
        [message.roomId],
      );
      const placed = { ...message, seq: Number(room?.last_seq) };
      await manager.query(
        `INSERT INTO baseline_messages (id, room_id, seq, author_id, body, client_message_id, payload, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [
          placed.id,
          placed.roomId,
          placed.seq,
          placed.userId,
          placed.message,
          placed.clientMessageId,
          placed,
          placed.timestamp,
        ],
      );
      return placed;
    });
}

/** Only as much of Socket.IO's protocol as its clients need to hear. */
function serveWs(http: HttpServer): void {
  const rooms = new Map<string, Set<ws.WebSocket>>();
  // Exported, but not known to the types.
  const { Sender } = ws as unknown as { readonly Sender: { frame(data: Buffer, options: object): Buffer[] } };
  const HELLO = `0${JSON.stringify({ sid: 'bench', upgrades: [], pingInterval: 600_000, pingTimeout: 600_000 })}`;
  new ws.WebSocketServer({ server: http, perMessageDeflate: false, skipUTF8Validation: true }).on(
    'connection',
    (socket) => {
      socket.send(HELLO);
      socket.on('message', (data: Buffer) => {
        const text = data.toString();
        if (text.startsWith('40')) {
          socket.send('40{"sid":"bench"}');
          return;
        }
        const [, id, body] = /^42(\d+)(.*)$/s.exec(text) ?? [];
        const [name, said] = JSON.parse(body ?? '[]') as [string, Said];
        if (name === 'join_room') {
          const room = rooms.get(said.roomId) ?? new Set();
          rooms.set(said.roomId, room.add(socket));
          socket.send(`43${id}${JSON.stringify([joined(said.roomId)])}`);
          return;
        }
        const message = messageOf(said);
        const push = `42${JSON.stringify(['message_broadcast', { roomId: said.roomId, epoch: EPOCH, message }])}`;
        const frame = Sender.frame(Buffer.from(push), {
          fin: true,
          rsv1: false,
          opcode: 1,
          mask: false,
          readOnly: false,
        });
        for (const member of rooms.get(said.roomId) ?? []) {
          (member as unknown as { _sender: { sendFrame(frame: Buffer[]): void } })._sender.sendFrame(frame);
        }
        socket.send(`43${id}${JSON.stringify([{ ok: true, data: message }])}`);
      });
    },
  );
}

const kind = process.argv[2] as Baseline;
const http = createServer();
if (kind === 'ws') {
  serveWs(http);
} else {
  await serveSocketIo(http, kind);
}
process.once('SIGTERM', () => process.exit(0));
http.listen(0, '127.0.0.1', 4096, () => {
  console.log(`ready: http://localhost:${(http.address() as AddressInfo).port}`);
});
