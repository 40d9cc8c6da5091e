import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { COMMANDS, type CommandName, ERROR_STATUS, type Reply, type Room } from '@clawtank/contracts';
import * as z from 'zod';
import { SOCKET_IO, WireSocket } from '../client/wire-socket.js';
import { atMost, equal, isTrue, oneOf, within } from '../expect.js';
import { eachOf, type Person } from '../installation.js';
import type { Random } from '../random.js';
import type { Scenario, Stage } from '../scenario.js';
import type { Server } from '../server.js';
import { Neighbours } from './neighbours.js';

const MAX_FRAME_BYTES = 64 * 1024;
const CLOSES_WITHIN_MS = 5000;
/** WebSocket's own: a message that is too big, and one that is no message. */
const TOO_BIG = 1009;
const DEPTH = 10_000;
const MEGABYTE = 2 ** 20;
/** What `MAX_HANDSHAKES` of the server is. */
const MOST_HANDSHAKES = 100;

interface Attack extends Pick<Stage, 'installation' | 'random' | 'keep'> {
  readonly server: Server;
  readonly eve: Person;
  readonly room: Room;
  /** A signed-in socket of the attacker. */
  socket(): Promise<WireSocket>;
}

/** A scenario in which somebody with an account attacks one process while others talk there. */
function hostile(name: string, promise: string, attack: (attack: Attack) => Promise<void>): Scenario {
  return {
    name,
    promise,
    async run(stage) {
      const { installation, random, keep } = stage;
      const server = random.pick(installation.servers);
      const [eve] = (await installation.newPeople(1)) as [Person];
      const room = await installation.newRoom([eve]);
      const neighbours = await Neighbours.of(stage, server);
      const logged = server.log;
      const socket = () => installation.socket(stage, eve, server);
      await attack({ installation, random, keep, server, eve, room, socket });
      await neighbours.verify();
      equal('the server logged no bug', server.log.slice(logged.length), '');
    },
  };
}

async function isClosed(socket: WireSocket, why: string): Promise<number> {
  const { code } = await within(CLOSES_WITHIN_MS, `a connection is closed after ${why}`, () => socket.closed);
  return code;
}

function isTyped(reply: Reply<unknown>, what: string): void {
  if (!reply.ok) {
    isTrue(`${what} is answered with a code of the contract`, Object.hasOwn(ERROR_STATUS, reply.error.code), reply);
    isTrue(`${what} is no bug of the server`, reply.error.code !== 'internal', reply);
  }
}

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

/** What a field may be given that it does not expect. */
const WRONG: readonly unknown[] = [
  null,
  0,
  -1,
  1e308,
  1.5,
  true,
  '',
  ' ',
  '\u0000',
  '\ud800',
  'x'.repeat(20_000),
  '🦀'.repeat(5_000),
  [],
  [null],
  [[]],
  {},
  { length: 1e9 },
  { _placeholder: true, num: 0 },
  '00000000-0000-0000-0000-000000000000',
  "'; DROP TABLE rooms; --",
];

type JsonSchema = { properties?: Record<string, JsonSchema>; anyOf?: JsonSchema[]; oneOf?: JsonSchema[] };

const fieldsOf = (schema: JsonSchema): string[] => [
  ...Object.keys(schema.properties ?? {}),
  ...[...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap(fieldsOf),
];

/** Plausible values for all fields, so that a wrong one is the only thing wrong as often as may be. */
const PLAUSIBLE = (roomId: string, random: Random): Record<string, unknown> => ({
  roomId,
  message: 'text',
  description: 'text',
  messageId: '11111111-1111-4111-8111-111111111111',
  taskId: '11111111-1111-4111-8111-111111111111',
  leaseId: '11111111-1111-4111-8111-111111111111',
  toMemberId: '11111111-1111-4111-8111-111111111111',
  emoji: '🦀',
  on: true,
  pinned: true,
  status: 'active',
  seq: 1,
  branch: 'work',
  title: 'text',
  note: 'text',
  reason: 'text',
  sha: 'a'.repeat(40),
  headSha: 'a'.repeat(40),
  action: 'status_update',
  payload: { status: 'idle' },
  clientMessageId: random.id(),
});

/** Sends each field of each command each wrong value, and the whole request too. */
async function sendWrongTypes(
  socket: WireSocket,
  caller: 'human' | 'agent',
  roomId: string,
  random: Random,
): Promise<void> {
  const requests: { name: string; request: unknown }[] = [];
  for (const [name, { request, callers }] of Object.entries(COMMANDS)) {
    if ((callers as readonly string[]).includes(caller)) {
      const schema = z.toJSONSchema(request, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
      const fields = new Set(fieldsOf(schema));
      const plausible = PLAUSIBLE(roomId, random);
      const base = Object.fromEntries(
        [...fields].flatMap((field) => (field in plausible ? [[field, plausible[field]]] : [])),
      );
      WRONG.forEach((wrong) => requests.push({ name, request: wrong }));
      for (const field of fields) {
        WRONG.forEach((wrong) => requests.push({ name, request: { ...base, [field]: wrong } }));
      }
    }
  }
  await eachOf(
    requests,
    async ({ name, request }) => {
      if (name === 'leave_room' && (request as { roomId?: unknown })?.roomId === roomId) {
        return;
      }
      isTyped(await socket.askAnything(name, request), `${name} ${JSON.stringify(request)?.slice(0, 200)}`);
    },
    40,
  );
}

/** Writes bytes to the server's port as no client would; what came back until it closed, or `patience` was over. */
async function speak(
  server: Server,
  text: string,
  patienceMs = CLOSES_WITHIN_MS,
): Promise<{ answer: string; isClosed: boolean }> {
  const socket = connect(server.port, '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk) => (answer += chunk.toString('latin1')));
  socket.on('error', () => undefined); // a reset is as good as a close
  await once(socket, 'connect');
  socket.write(text);
  const closed = await Promise.race([once(socket, 'close').then(() => true), wait(patienceMs).then(() => false)]);
  socket.destroy();
  return { answer, isClosed: closed };
}

const upgradeTo = (path: string, headers: string, method = 'GET'): string =>
  `${method} ${path} HTTP/1.1\r\nHost: clawtank.example\r\n${headers}\r\n\r\n`;
const KEY = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';
const GOOD = `Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n${KEY}`;

/** Puts `bytes` one at a time into frames of their own, as fragments of one message. */
async function sendInFragments(socket: WireSocket, text: string): Promise<void> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length && socket.isOpen; at++) {
    socket.raw.send(bytes.subarray(at, at + 1), { binary: false, fin: at === bytes.length - 1 });
    if (at % 2000 === 1999) {
      await wait(1);
    }
  }
}

async function memoryGrowth(server: Server, work: () => Promise<void>): Promise<number> {
  const before = await server.memory();
  await work();
  const after = await server.memory();
  return (after.heap + after.external - before.heap - before.external) / MEGABYTE;
}

export const hostileFrames: readonly Scenario[] = [
  hostile(
    'frame-over-64-kb',
    'A frame over 64 KB closes its connection with 1009; one below it is answered.',
    async ({ socket, room }) => {
      const modest = await socket();
      const request = { roomId: room.id, message: '🦀'.repeat(4000) };
      equal('4,000 characters of four bytes each fit', (await modest.ask('chat_message', request)).ok, true);
      const greedy = await socket();
      greedy.send('x'.repeat(MAX_FRAME_BYTES + 1));
      equal('too large a frame is closed with its code', await isClosed(greedy, 'too large a frame'), TOO_BIG);
      const promising = await socket();
      promising.raw.send(Buffer.alloc(MAX_FRAME_BYTES), { binary: false, fin: false });
      promising.raw.send('x', { fin: true });
      equal('fragments that add up to one too', await isClosed(promising, 'fragments of too large a message'), TOO_BIG);
      isTrue('the modest one is still connected', modest.isOpen);
    },
  ),
  hostile(
    'deep-json',
    'JSON nested ten thousand deep, anywhere, is refused with a typed error or a close.',
    async ({ socket, server, eve, room }) => {
      const deep = nested(DEPTH);
      const one = await socket();
      for (const [index, request] of [
        deep,
        `{"roomId":"${room.id}","message":${deep}}`,
        `{"roomId":"${room.id}","message":"x","mentions":${deep}}`,
        `{"roomId":"${room.id}","message":"x","more":${deep}}`,
        `${'{"a":'.repeat(DEPTH)}1${'}'.repeat(DEPTH)}`,
      ].entries()) {
        one.send(`42["chat_message",${request}]`);
        const reply = await one.ask('leave_room', { roomId: room.id });
        equal(`the connection goes on after deep request ${index}`, reply.ok, true);
      }
      const bare = await WireSocket.openBare({ url: server.url });
      bare.send(`40{"token":${deep}}`);
      await within(
        CLOSES_WITHIN_MS,
        'a deep handshake is refused',
        () => bare.closed ?? bare.frames.some((frame) => frame.startsWith('44')),
      );
      bare.cut();
      const response = await fetch(`${server.url}/api/rooms`, {
        method: 'POST',
        headers: { authorization: `Bearer ${eve.token}`, 'content-type': 'application/json' },
        body: `{"name":${deep}}`,
      });
      equal('a deep body is refused', response.status, 400);
    },
  ),
  hostile(
    'announced-attachments',
    'A million announced attachments close the connection; nothing is kept waiting for them.',
    async ({ socket, server, room }) => {
      const grown = await memoryGrowth(server, async () => {
        await eachOf(Array.from({ length: 40 }), async (_, index) => {
          const greedy = await socket();
          const announced = index % 2 ? 1_000_000 : 11;
          greedy.send(
            `45${announced}-["chat_message",{"roomId":"${room.id}","message":{"_placeholder":true,"num":0}}]`,
          );
          await isClosed(greedy, `${announced} announced attachments`);
        });
      });
      atMost('megabytes that stay behind', grown, 16);
    },
  ),
  hostile(
    'attachments-that-never-come',
    'Announced attachments that never come, or come uncalled for, end the connection or are refused.',
    async ({ socket, room }) => {
      const request = { roomId: room.id, message: { _placeholder: true, num: 0 } };
      const plain = await socket();
      const reply = await plain.askAnything('chat_message', request);
      equal('a placeholder without an attachment is no text', reply.ok ? 'ok' : reply.error.code, 'invalid_input');
      const text = await socket();
      text.send(`452-${JSON.stringify(['chat_message', request])}`);
      text.send(`42${JSON.stringify(['chat_message', request])}`);
      await isClosed(text, 'a text where an attachment was announced');
      const wrong = await socket();
      wrong.send(`451-["chat_message",{"_placeholder":true,"num":7}]`);
      wrong.send(Buffer.from('x'));
      await isClosed(wrong, 'a placeholder for an attachment that is none');
      const uncalled = await socket();
      uncalled.send(Buffer.from('x'));
      await isClosed(uncalled, 'an attachment that nobody announced');
      const binary = await socket();
      binary.send(`451-9["chat_message",{"roomId":"${room.id}","message":{"_placeholder":true,"num":0}}]`);
      binary.send(Buffer.from('x'));
      equal(
        'bytes where text belongs leave the connection open',
        (await binary.ask('leave_room', { roomId: room.id })).ok,
        true,
      );
    },
  ),
  hostile(
    'one-byte-fragments',
    'A message in fragments of one byte is a message; a million of them are not.',
    async ({ socket, room, installation }) => {
      const patient = await socket();
      await sendInFragments(patient, `42["chat_message",{"roomId":"${room.id}","message":"bit by bit"}]`);
      await within(CLOSES_WITHIN_MS, 'a message sent byte by byte is stored', async () => {
        const rows = await installation.query(`SELECT FROM messages WHERE room_id = $1 AND body = 'bit by bit'`, [
          room.id,
        ]);
        return rows.length === 1;
      });
      const greedy = await socket();
      await sendInFragments(greedy, 'x'.repeat(MAX_FRAME_BYTES + 1000));
      oneOf('too many of them are closed', await isClosed(greedy, 'too many fragments'), [TOO_BIG, 1008]);
    },
  ),
  hostile(
    'reserved-event-names',
    'Events named error, disconnect or connect are refused like any other name, or end the connection.',
    async ({ socket }) => {
      for (const name of [
        'error',
        'message',
        'ping',
        'data',
        'session_closed',
        'message_broadcast',
        '',
        ' ',
        '\u0000',
      ]) {
        const one = await socket();
        const reply = await one.askAnything(name, { message: 'boo' });
        equal(`${JSON.stringify(name)} is unknown`, reply.ok ? 'ok' : reply.error.code, 'unknown_command');
        one.cut();
      }
      for (const name of ['connect', 'connect_error', 'disconnect', 'disconnecting', 'newListener', 'removeListener']) {
        const one = await socket();
        one.emit(name, {});
        await isClosed(one, `an event named ${name}`);
      }
      for (const frame of [
        '42[]',
        '42[7]',
        '42[null,{}]',
        '42[{"a":1}]',
        '42{}',
        '42["x"',
        '421e9["chat_message"]',
        '42-1["chat_message",{}]',
      ]) {
        const one = await socket();
        one.send(frame);
        await wait(20);
        one.cut();
      }
    },
  ),
  hostile(
    'prototype-keys',
    'Keys and commands named like an object’s own machinery change nothing.',
    async ({ socket, room, installation, eve, server }) => {
      const one = await socket();
      for (const name of [
        '__proto__',
        'constructor',
        'prototype',
        'toString',
        'hasOwnProperty',
        'valueOf',
        '__defineGetter__',
      ]) {
        const reply = await one.askAnything(name, {});
        equal(`${name} is no command`, reply.ok ? 'ok' : reply.error.code, 'unknown_command');
      }
      const poison = `"__proto__":{"visibility":"members","isAdmin":true},"constructor":{"prototype":{"visibility":"members"}}`;
      one.send(
        `42["chat_message",{"roomId":"${room.id}","message":"poisoned","clientMessageId":"poisoned-1",${poison}}]`,
      );
      const said = await one.accepted('chat_message', { roomId: room.id, message: 'after' });
      equal('what is said afterwards is as public as ever', said.visibility, 'public');
      const rows = await installation.query<{ visibility: string }>(
        `SELECT visibility FROM messages WHERE room_id = $1 ORDER BY seq`,
        [room.id],
      );
      equal(
        'and so is the message itself',
        rows.map(({ visibility }) => visibility),
        ['public', 'public'],
      );
      const response = await fetch(`${server.url}/api/rooms`, {
        method: 'POST',
        headers: { authorization: `Bearer ${eve.token}`, 'content-type': 'application/json' },
        body: `{"name":"Room","__proto__":{"visibility":"public"},"settings":{"__proto__":{"maxMembers":1}}}`,
      });
      const { visibility, settings } = (await response.json()) as Room;
      equal('a room made that way is an ordinary one', [visibility, settings.maxMembers], ['private', 20]);
    },
  ),
  hostile(
    'wrong-types-everywhere',
    'A wrong type in any field of any command is answered with a typed error, and is never a bug.',
    async (attack) => {
      const { socket, room, random, eve, installation, server, keep } = attack;
      await sendWrongTypes(await socket(), 'human', room.id, random);
      const { token } = await installation.newAgent(eve, room.id, `mallory-${random.word()}`);
      const agent = await WireSocket.open({ url: server.url, namespace: '/agents', auth: { token } });
      keep(() => agent.cut());
      await sendWrongTypes(agent, 'agent', room.id, random);
    },
  ),
  hostile(
    'missing-acknowledgements',
    'Who asks for no answer is told of refusals; answers to nothing are ignored.',
    async ({ socket, room, random }) => {
      const one = await socket();
      const refused: string[] = [];
      one.listen(
        (name, payload) =>
          name === 'command_refused' && refused.push((payload as { error: { code: string } }).error.code),
      );
      for (const name of Object.keys(COMMANDS) as CommandName[]) {
        one.emit(name);
        one.emit(name, null);
        one.emit(name, {}, {}, {});
      }
      const ids = ['0', '99999999999999999999', '1', '7'];
      ids.forEach((id) => one.send(`43${id}[{"ok":true}]`));
      equal('the connection goes on', (await one.ask('leave_room', { roomId: room.id })).ok, true);
      await within(
        CLOSES_WITHIN_MS,
        'refusals are told',
        () => refused.length >= Object.keys(COMMANDS).length,
        () => refused,
      );
      for (const code of refused) {
        isTrue('a refusal has a code of the contract', Object.hasOwn(ERROR_STATUS, code) && code !== 'internal', code);
      }
      const hurried = await socket();
      Array.from({ length: 2000 }, () => hurried.emit('chat_message', { roomId: room.id, message: random.word() }));
      hurried.cut();
    },
  ),
  hostile(
    'unknown-namespaces',
    'Namespaces that do not exist are refused, whatever they are called.',
    async ({ server, eve }) => {
      const names = [
        '/nothing',
        '/agents/',
        '/Agents',
        '/__proto__',
        '/constructor',
        '/spectate',
        '/spectate/',
        '/admin',
        '/spectate/a/b',
        '/%2e%2e',
        `/${'x'.repeat(5000)}`,
      ];
      for (const name of names) {
        const bare = await WireSocket.openBare({ url: server.url });
        bare.send(`40${name},${JSON.stringify({ token: eve.token })}`);
        await within(
          CLOSES_WITHIN_MS,
          `${name.slice(0, 20)} is refused`,
          () => bare.closed ?? bare.frames.some((frame) => frame.startsWith('44')),
          () => bare.frames,
        );
        equal(
          'nothing was opened',
          bare.frames.filter((frame) => frame.startsWith('40')),
          [],
        );
        bare.cut();
      }
    },
  ),
  hostile(
    'many-connects',
    'Thousands of handshakes on one connection are not thousands of sockets.',
    async ({ server, eve, installation }) => {
      const grown = await memoryGrowth(server, async () => {
        for (const auth of [{ token: eve.token }, { token: 'wrong' }, {}]) {
          const bare = await WireSocket.openBare({ url: server.url });
          Array.from({ length: 3000 }, () => bare.send(`40${JSON.stringify(auth)}`));
          await isClosed(bare, 'three thousand handshakes');
          atMost(
            'handshakes that were let in',
            bare.frames.filter((frame) => frame.startsWith('40')).length,
            MOST_HANDSHAKES,
          );
        }
        const bare = await WireSocket.openBare({ url: server.url });
        Array.from({ length: 3000 }, (_, index) => bare.send(`40/spectate/room-${index},{}`));
        await isClosed(bare, 'three thousand namespaces');
      });
      atMost('megabytes that stay behind', grown, 16);
      isTrue('the database answers', (await installation.query('SELECT 1')).length === 1);
    },
  ),
  hostile('packets-before-connect', 'Whoever speaks before the handshake is cut off.', async ({ server, room }) => {
    for (const frame of [
      `42["chat_message",{"roomId":"${room.id}","message":"hello"}]`,
      `421["join_room",{"roomId":"${room.id}"}]`,
      '430[{}]',
      '41',
      '44{"message":"no"}',
      '451-["x",{"_placeholder":true,"num":0}]',
      '42/agents,["claim_task",{}]',
    ]) {
      const bare = await WireSocket.openBare({ url: server.url });
      bare.send(frame);
      if (frame.startsWith('45')) {
        bare.send(Buffer.from('x'));
      }
      await isClosed(bare, frame);
      equal(
        'it got nothing but the opening',
        bare.frames.filter((text) => !text.startsWith('0')),
        [],
      );
    }
  }),
  hostile(
    'engine-garbage',
    'Garbage instead of the protocol ends its connection, and nothing else.',
    async ({ socket, server, random }) => {
      const garbage = [
        '9',
        '7x',
        '4',
        '4x',
        '4{',
        '4999',
        '45',
        '45-',
        '451',
        '45-1-[]',
        '451e3-[]',
        '4null',
        '46',
        '47[]',
        'b4AAAA',
        '\u0000',
        '4\u0000',
      ];
      await eachOf(garbage, async (frame) => {
        const bare = await WireSocket.openBare({ url: server.url });
        bare.send(frame);
        await isClosed(bare, JSON.stringify(frame));
      });
      for (let round = 0; round < 30; round++) {
        const one = await socket();
        const length = random.between(1, 400);
        one.send(Array.from({ length }, () => String.fromCharCode(random.between(32, 126))).join(''));
        await wait(5);
        one.cut();
      }
      // Frames that are none: reserved bits, unknown opcodes, an unmasked one, a control frame that is too long.
      for (const bytes of ['f1810000000041', '83810000000041', '8101', '89fe01000000000041', 'ffffffffffffffff']) {
        const one = await socket();
        (one.raw as unknown as { _socket: { write(bytes: Buffer): void } })._socket.write(Buffer.from(bytes, 'hex'));
        await isClosed(one, `the bytes ${bytes}`);
      }
    },
  ),
  hostile(
    'strange-upgrades',
    'Upgrades that are ambiguous or unlike a WebSocket’s are refused and their connections closed.',
    async ({ server }) => {
      const strange: readonly (readonly [string, string])[] = [
        ['no key', upgradeTo(SOCKET_IO, 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13')],
        [
          'an old version',
          upgradeTo(SOCKET_IO, `Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 7\r\n${KEY}`),
        ],
        [
          'another protocol',
          upgradeTo(SOCKET_IO, 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk'),
        ],
        ['another method', upgradeTo(SOCKET_IO, `${GOOD}\r\nContent-Length: 0`, 'POST')],
        ['two lengths', upgradeTo(SOCKET_IO, `${GOOD}\r\nContent-Length: 5\r\nContent-Length: 6`)],
        ['a length and chunks', upgradeTo(SOCKET_IO, `${GOOD}\r\nContent-Length: 5\r\nTransfer-Encoding: chunked`)],
        ['a transport that is not offered', upgradeTo(SOCKET_IO.replace('websocket', 'polling'), GOOD)],
        ['an engine of long ago', upgradeTo(SOCKET_IO.replace('EIO=4', 'EIO=3'), GOOD)],
        ['a session that does not exist', upgradeTo(`${SOCKET_IO}&sid=AAAAAAAAAAAAAAAAAAAA`, GOOD)],
        ['a path that is none', upgradeTo('/nothing', GOOD)],
        ['a path that leads out', upgradeTo('/spectate/../socket.io/?EIO=4&transport=websocket', GOOD)],
        ['a bare line feed', `GET ${SOCKET_IO} HTTP/1.1\nHost: clawtank.example\n\n`],
      ];
      await eachOf(strange, async ([what, text]) => {
        // What follows an upgrade that was refused must not be taken for a request of its own.
        const { answer, isClosed } = await speak(
          server,
          `${text}GET /api/rooms HTTP/1.1\r\nHost: clawtank.example\r\n\r\n`,
          3000,
        );
        isTrue(`an upgrade with ${what} is not granted`, !answer.startsWith('HTTP/1.1 101'), answer.slice(0, 200));
        isTrue(`an upgrade with ${what} does not smuggle a request`, !/"rooms"/.test(answer), answer.slice(-200));
        isTrue(`an upgrade with ${what} is closed`, isClosed, answer.slice(0, 200));
      });
    },
  ),
];

export const handshakes: readonly Scenario[] = [
  {
    name: 'handshake-without-sign-in',
    promise: 'A connection that never signs in gets no byte of any room and is closed within ten seconds.',
    async run(stage) {
      const { installation, random } = stage;
      const neighbours = await Neighbours.of(stage, installation.left);
      const [host] = (await installation.newPeople(1)) as [Person];
      const room = await installation.newRoom([host], { visibility: 'public' });
      const writer = await installation.follow(stage, host, room.id, installation.left);
      const ways: Readonly<Record<string, (bare: WireSocket) => void>> = {
        'says nothing': () => undefined,
        'sends no token': (bare) => bare.send('40{}'),
        'sends a wrong token': (bare) => bare.send('40{"token":"wrong"}'),
        'sends a token that is none': (bare) => bare.send('40{"token":{"$ne":null}}'),
        'asks for a namespace that does not exist': (bare) => bare.send('40/nothing,{}'),
        'asks for the agents’ namespace': (bare) => bare.send(`40/agents,${JSON.stringify({ token: host.token })}`),
        'sends no more than heartbeats': (bare) => {
          const beat = setInterval(() => (bare.isOpen ? bare.send(random.pick(['3', '6'])) : clearInterval(beat)), 500);
        },
        'is refused again and again': (bare) => {
          const again = setInterval(() => (bare.isOpen ? bare.send('40{}') : clearInterval(again)), 2000);
        },
      };
      await Promise.all(
        Object.entries(ways)
          .map(async ([way, begin]) => {
            const opened = performance.now();
            const bare = await WireSocket.openBare({ url: installation.left.url });
            begin(bare);
            await within(13_000, `a connection that ${way} is closed`, () => bare.closed);
            atMost(`milliseconds after which a connection that ${way} is closed`, performance.now() - opened, 11_500);
            equal(
              `a connection that ${way} gets nothing but the opening, heartbeats and refusals`,
              bare.frames.filter((frame) => !/^(0\{|2$|6$|44)/.test(frame)),
              [],
            );
            isTrue('and nothing of a room', !bare.frames.join('').includes(room.id));
          })
          .concat(
            (async () => {
              for (let index = 0; index < 20; index++) {
                await writer.say(random.word());
                await wait(400);
              }
            })(),
          ),
      );
      await neighbours.verify();
    },
  },
  {
    name: 'handshake-in-halves',
    promise: 'A request whose head never ends is closed, however slowly it trickles in.',
    async run(stage) {
      const { server } = { server: stage.installation.right };
      const neighbours = await Neighbours.of(stage, server);
      const half = upgradeTo(SOCKET_IO, GOOD).slice(0, -4);
      await Promise.all(
        Array.from({ length: 50 }, async () => {
          const started = performance.now();
          const { answer, isClosed } = await speak(server, half, 15_000);
          isTrue('half a request is closed', isClosed, answer);
          atMost('milliseconds that half a request is kept', performance.now() - started, 13_000);
        }),
      );
      await neighbours.verify();
    },
  },
];
