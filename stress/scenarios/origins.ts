import { request } from 'node:http';
import { SOCKET_IO } from '../client/wire-socket.js';
import { equal } from '../expect.js';
import { eachOf, type Person } from '../installation.js';
import type { Scenario } from '../scenario.js';
import type { Server } from '../server.js';

/** Where pages may not come from, if the product is at https://clawtank.example. */
const FOREIGN = [
  'http://evil.example',
  'https://clawtank.example.evil.example',
  'https://evilclawtank.example',
  'https://evil.clawtank.example',
  'https://clawtank.example@evil.example',
  'https://clawtank.example:8443',
  'http://clawtank.example',
  'http://clawtank.example:443',
  'https://clawtank.example.',
  'https://clawtank．example.evil.example',
  'https://xn--clwtank-6fg.example',
  'null',
  'NULL',
  '',
  'file://',
  'chrome-extension://clawtank.example',
  'https://',
  'https://clawtank.example, https://evil.example',
  'https://clawtank.example https://evil.example',
];
const OWN = [
  'https://clawtank.example',
  'https://CLAWTANK.example',
  'HTTPS://Clawtank.Example',
  'https://clawtank.example:443',
];

/** The status with which the server answers a page that asks for a socket. */
function statusFor(server: Server, path: string, origin: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request({
      host: '127.0.0.1',
      port: server.port,
      path,
      headers: {
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        'Sec-WebSocket-Version': '13',
        'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
        Origin: Buffer.from(origin).toString('latin1'),
      },
    });
    asked.once('upgrade', (_, socket) => {
      socket.destroy();
      resolve(101);
    });
    asked.once('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asked.once('error', reject);
    asked.end();
  });
}

async function check(server: Server, path: string): Promise<void> {
  const answers = await eachOf([...OWN, ...FOREIGN], async (origin) => [
    origin,
    (await statusFor(server, path, origin)) === 101 ? 'opened' : 'refused',
  ]);
  equal('sockets open to pages of our own and to no other', answers, [
    ...OWN.map((origin) => [origin, 'opened']),
    ...FOREIGN.map((origin) => [origin, 'refused']),
  ]);
}

export const origins: readonly Scenario[] = [
  {
    name: 'origins-of-members',
    promise: 'Foreign and look-alike origins open no socket of members.',
    async run({ installation }) {
      await Promise.all(installation.servers.map((server) => check(server, SOCKET_IO)));
    },
  },
  {
    name: 'origins-of-spectators',
    promise: 'Foreign and look-alike origins open no spectators’ socket either.',
    async run({ installation }) {
      const [host] = (await installation.newPeople(1)) as [Person];
      const room = await installation.newRoom([host], { visibility: 'public' });
      await Promise.all(installation.servers.map((server) => check(server, `/spectate/${room.id}`)));
    },
  },
];
