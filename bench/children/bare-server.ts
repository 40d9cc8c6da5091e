// What Socket.IO does by itself: no accounts, no permission, nothing stored. The same messages in the same words, so that the
// same sockets can be told the same things.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';

type Acknowledge = (reply: unknown) => void;
interface Said {
  readonly roomId: string;
  readonly message: string;
  readonly clientMessageId: string;
}

const http = createServer();
const io = new Server(http, { transports: ['websocket'], serveClient: false });
const EPOCH = randomUUID();
let seq = 0;

io.on('connection', (socket) => {
  const author = { type: 'human', id: randomUUID(), name: 'bench-0000-0000' };

  socket.on('join_room', ({ roomId }: { roomId: string }, acknowledge: Acknowledge) => {
    void socket.join(roomId);
    acknowledge({ ok: true, data: { roomId } });
  });

  socket.on('chat_message', ({ roomId, message: text, clientMessageId }: Said, acknowledge: Acknowledge) => {
    const message = {
      type: 'chat_message',
      id: randomUUID(),
      roomId,
      seq: ++seq,
      userId: author.id,
      author,
      message: text,
      mentions: [],
      visibility: 'public',
      trust: 'member',
      clientMessageId,
      timestamp: new Date().toISOString(),
    };
    io.to(roomId).emit('message_broadcast', { roomId, epoch: EPOCH, message });
    acknowledge({ ok: true, data: message });
  });
});

process.once('SIGTERM', () => process.exit(0));
http.listen(0, '127.0.0.1', () => {
  console.log(`ready: http://localhost:${(http.address() as AddressInfo).port}`);
});
