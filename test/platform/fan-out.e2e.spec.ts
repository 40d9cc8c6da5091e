import { createServer, type Server as HttpServer } from 'node:http';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type AddressInfo, Socket as TcpSocket } from 'node:net';
import { MEMBER_CLOSE_CODES } from '@clawtank/contracts';
import { jest } from '@jest/globals';
import { Server, type ServerOptions, type Socket } from 'socket.io';
import { io as connectClient, type ManagerOptions } from 'socket.io-client';
import { WebSocket } from 'ws';
import { sendDirectly } from '../../apps/api/src/platform/sockets/direct-broadcast.js';
import { DirectTransport, MAX_WAITING_BYTES } from '../../apps/api/src/platform/sockets/direct-transport.js';
import { eventually } from '../support/people.js';

const ROOM = 'room';
const MEGABYTE = 1024 * 1024;

const transportOf = (socket: Socket | undefined): DirectTransport =>
  (socket?.conn as unknown as { transport: DirectTransport }).transport;
const tcpOf = (socket: Socket): TcpSocket => transportOf(socket).socket._socket as TcpSocket;

describe('what the server sends', () => {
  let http: HttpServer;
  let server: Server;
  let url: string;
  let cutOff: number;
  let members: Socket[];
  const clients: { close(): unknown }[] = [];

  const start = async (options: Partial<ServerOptions> = {}) => {
    http = createServer().listen(0, '127.0.0.1');
    await once(http, 'listening');
    url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    server = new Server(http, { transports: ['websocket'], ...options });
    cutOff = 0;
    members = [];
    sendDirectly(server, () => cutOff++);
    const admit = (socket: Socket) => {
      members.push(socket);
      void socket.join(ROOM);
      socket.on('ask', (answer: (reply: string) => void) => answer('answer'));
    };
    server.on('connection', admit);
    server.of('/agents').on('connection', admit);
  };
  afterEach(async () => {
    clients.splice(0).forEach((client) => client.close());
    await server.close();
  });

  const join = async (namespace = '/', options: Partial<ManagerOptions> = {}) => {
    const client = connectClient(url + namespace, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      ...options,
    });
    clients.push(client);
    const heard: unknown[] = [];
    client.onAny((name: string, value: unknown) => heard.push(`${name} ${String(value)}`));
    const before = members.length;
    await once(client as unknown as NodeJS.EventEmitter, 'connect');
    await eventually(() => members.length > before);
    return { client, heard };
  };
  const broadcast = (name: string, ...values: unknown[]) =>
    [server.of('/'), server.of('/agents')].forEach((namespace) => namespace.local.to(ROOM).emit(name, ...values));

  it('rests on these very versions, and on what they keep to themselves', async () => {
    const inSocketIo = createRequire(createRequire(import.meta.url).resolve('socket.io'));
    const inEngineIo = createRequire(inSocketIo.resolve('engine.io'));
    const versionOf = (from: NodeJS.Require, name: string) => {
      const [folder] =
        from.resolve
          .paths(name)
          ?.map((path) => `${path}/${name}/package.json`)
          .filter(exists) ?? [];
      return (JSON.parse(readFileSync(folder ?? '', 'utf8')) as { version: string }).version;
    };
    // After an upgrade: read what changed in what direct-transport.ts uses, run this file, then write the new numbers here.
    expect({
      'socket.io': versionOf(createRequire(import.meta.url), 'socket.io'),
      'engine.io': versionOf(inSocketIo, 'engine.io'),
      ws: versionOf(inEngineIo, 'ws'),
    }).toEqual({ 'socket.io': '4.8.3', 'engine.io': '6.6.11', ws: '8.21.3' });

    await start();
    await join();
    const transport = transportOf(members[0]);
    expect(transport).toBeInstanceOf(DirectTransport);
    expect(transport.socket._socket).toBeInstanceOf(TcpSocket);
    expect(transport.take(Buffer.from([0x89, 0]))).toBe(true); // a ping, which nobody hears of
  });

  it('goes to each member by one write a turn, made once for all', async () => {
    await start();
    const people = [await join(), await join(), await join('/agents')];
    const writes = members.map((member) => jest.spyOn(tcpOf(member), 'write'));
    for (let index = 0; index < 5; index++) {
      broadcast('news', index);
    }
    members[0]?.emit('only', 'you');
    await eventually(() => people.every(({ heard }) => heard.length >= 5));
    expect(writes.map(({ mock }) => mock.calls.length)).toEqual([1, 1, 1]);
    expect(people[1]?.heard).toEqual(['news 0', 'news 1', 'news 2', 'news 3', 'news 4']);
    expect(people[2]?.heard).toEqual(people[1]?.heard);
    expect(people[0]?.heard).toEqual([...(people[1]?.heard ?? []), 'only you']);
  });

  it('is the same bytes, not copies of them, for all members of a room', async () => {
    await start();
    await join();
    await join();
    const writes = members.map((member) => jest.spyOn(tcpOf(member), 'write'));
    broadcast('news', 1);
    broadcast('news', 2);
    await eventually(() => writes.every(({ mock }) => mock.calls.length > 0));
    expect(writes[1]?.mock.calls[0]?.[0]).toBe(writes[0]?.mock.calls[0]?.[0]);
  });

  it('is not copied for each member with what goes with it, if it is large', async () => {
    await start();
    const people = [await join(), await join()];
    const writes = members.map((member) => jest.spyOn(tcpOf(member), 'write'));
    const large = 'x'.repeat(20_000);
    broadcast('news', large);
    members.forEach((member, index) => member.emit('only', index));
    await eventually(() => people.every(({ heard }) => heard.length >= 2));
    expect(people.map(({ heard }) => heard)).toEqual([0, 1].map((index) => [`news ${large}`, `only ${index}`]));
    expect(writes[1]?.mock.calls[0]?.[0]).toBe(writes[0]?.mock.calls[0]?.[0]);
  });

  it.each([
    ['over plain WebSockets', {}, {}],
    ['over compressed ones', { perMessageDeflate: { threshold: 0 } }, {}],
    ['over long polling', { transports: ['polling', 'websocket'] }, { transports: ['polling'], upgrade: false }],
    [
      'while a connection changes from one to the other',
      { transports: ['polling', 'websocket'] },
      { transports: ['polling', 'websocket'] },
    ],
  ] as [string, Partial<ServerOptions>, Partial<ManagerOptions>][])(
    'arrives in the order it was sent, whoever it was for, %s',
    async (_, serverOptions, clientOptions) => {
      await start(serverOptions);
      const { heard } = await join('/', clientOptions);
      const expected: string[] = [];
      for (let turn = 0; turn < 20; turn++) {
        for (let index = 0; index < 4; index++) {
          const value = `${turn}.${index}`;
          expected.push(`news ${value}`);
          if (index % 2 === turn % 2) {
            broadcast('news', value);
          } else {
            members[0]?.emit('news', value);
          }
        }
        await new Promise((resolve) => setTimeout(resolve, turn % 3));
      }
      await eventually(() => heard.length >= expected.length);
      expect(heard).toEqual(expected);
    },
  );

  it('keeps acknowledgements in their place among broadcasts', async () => {
    await start();
    const { client, heard } = await join();
    members[0]?.on('shuffle', (answer: (reply: string) => void) => {
      broadcast('news', 'before');
      answer('answer');
      broadcast('news', 'after');
    });
    client.emit('shuffle', (reply: string) => heard.push(reply));
    await eventually(() => heard.length >= 3);
    expect(heard).toEqual(['news before', 'answer', 'news after']);
  });

  it('may be bytes, or of any length', async () => {
    await start();
    const { client } = await join();
    const heard: unknown[] = [];
    client.on('thing', (value: unknown) => heard.push(value));
    const values = [
      '',
      'é'.repeat(62),
      'x'.repeat(125),
      'x'.repeat(126),
      '😀'.repeat(20_000),
      Buffer.from([1, 2, 3]),
      'end',
    ];
    for (const value of values) {
      broadcast('thing', value);
      members[0]?.emit('thing', value);
    }
    await eventually(() => heard.length >= 2 * values.length);
    expect(heard).toEqual(values.flatMap((value) => [value, value]));
  });

  it('still reaches those who are then sent away', async () => {
    await start();
    const { client, heard } = await join();
    const gone = once(client as unknown as NodeJS.EventEmitter, 'disconnect');
    broadcast('news', 'last');
    members[0]?.emit('news', 'bye');
    members[0]?.disconnect(true);
    await gone;
    expect(heard).toEqual(['news last', 'news bye']);
  });

  it('tells those who listen to what goes out', async () => {
    await start();
    await join();
    const sent: unknown[] = [];
    members[0]?.onAnyOutgoing((name: string, value: unknown) => sent.push(`${name} ${String(value)}`));
    broadcast('news', 1);
    expect(sent).toEqual(['news 1']);
  });

  describe('and somebody does not read', () => {
    const big = 'x'.repeat(MEGABYTE);
    /** A member who stops reading. */
    const stubborn = async () => {
      const before = members.length;
      const socket = new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
      clients.push({ close: () => socket.terminate() });
      await once(socket, 'open');
      socket.send('40');
      await eventually(() => members.length > before);
      socket.pause();
      return { socket, member: members.at(-1) as Socket };
    };
    const turn = () => new Promise((resolve) => setImmediate(resolve));

    it.each([
      ['what the room says', (_: Socket) => broadcast('news', big)],
      ['what it asked itself', (member: Socket) => void member.emit('news', big)],
    ])('keeps a bounded number of bytes for it, then cuts it off: %s', async (_, send) => {
      await start();
      const neighbour = await join();
      const { socket, member } = await stubborn();
      const tcp = tcpOf(member);
      let most = 0;
      let sent = 0;
      for (; cutOff === 0 && sent < 100; sent++) {
        send(member);
        await turn();
        await turn();
        most = Math.max(most, tcp.writableLength);
      }
      expect(cutOff).toBe(1);
      expect(most).toBeGreaterThan(MAX_WAITING_BYTES);
      expect(most).toBeLessThan(MAX_WAITING_BYTES + 2 * MEGABYTE);
      expect(member.connected).toBe(false);
      expect(member.rooms.size).toBe(0);

      const closed = once(socket, 'close') as Promise<[number, Buffer]>;
      socket.resume();
      expect((await closed)[0]).toBe(MEMBER_CLOSE_CODES.tooSlow);
      broadcast('news', 'and on');
      await eventually(() => neighbour.heard.at(-1) === 'news and on');
    });

    it('gives its memory back although it never reads again', async () => {
      await start();
      const { member } = await stubborn();
      const tcp = tcpOf(member);
      while (cutOff === 0) {
        broadcast('news', big);
        await turn();
      }
      await eventually(() => tcp.destroyed);
      expect(server.engine.clientsCount).toBe(0);
    });

    it('takes it back', async () => {
      await start();
      await stubborn();
      while (cutOff === 0) {
        broadcast('news', big);
        await turn();
      }
      const { heard } = await join();
      broadcast('news', 'welcome back');
      await eventually(() => heard.length === 1);
    });
  });
});

function exists(path: string): boolean {
  try {
    return readFileSync(path).length > 0;
  } catch {
    return false;
  }
}
