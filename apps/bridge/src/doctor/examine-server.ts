import type { RoomAddress } from '../room-address.js';
import { askForSeat, get, roomOf, waysIn } from '../seat.js';
import type { Finding } from './findings.js';

/** Whether the server is there, knows the token, and has a seat for the agent in the room. A bridge that runs is not disturbed. */
export async function examineServer(address: RoomAddress | null, token: string | null): Promise<Finding[]> {
  if (!address) {
    return [{ about: 'Server', state: 'skipped', what: 'none was named; give the address of the room' }];
  }
  const reached = await examineReach(address.server);
  if (reached.state !== 'ok') {
    return [reached];
  }
  return [reached, await examineSeat(address, token)];
}

async function examineReach(server: URL): Promise<Finding> {
  const about = 'Server';
  const remedy = `Open ${server.href} in a browser on this machine. If that works, look for a proxy or a firewall`;
  try {
    const answer = await get(new URL('/api/auth/options', server));
    return answer.ok
      ? { about, state: 'ok', what: `${server.host} answers` }
      : { about, state: 'wrong', what: `${server.host} answers ${answer.status}: it is no ClawTank`, remedy };
  } catch (error) {
    return { about, state: 'wrong', what: (error as Error).message, remedy };
  }
}

async function examineSeat(address: RoomAddress, token: string | null): Promise<Finding> {
  const agents = new URL('/agents', address.server).href;
  if (!token) {
    const remedy = `Make an agent at ${agents}, and give the token that it shows by CLAWTANK_TOKEN or --token-file`;
    return { about: 'Token', state: 'wrong', what: 'there is none', remedy };
  }
  try {
    const roomId = await roomOf(address);
    switch (await askForSeat(address.server, token, roomId)) {
      case 'seated':
        return { about: 'Token', state: 'ok', what: 'the server knows it, and the agent has a seat in the room' };
      case 'refused': {
        const remedy = `Make an agent at ${agents}, and give the token that it shows`;
        return { about: 'Token', state: 'wrong', what: 'the server does not know it', remedy };
      }
      case 'no-seat': {
        const remedy = `Give it one:\n${waysIn(address, roomId)}`;
        return { about: 'Seat', state: 'wrong', what: 'the agent has no seat in this room', remedy };
      }
    }
  } catch (error) {
    return { about: 'Seat', state: 'wrong', what: (error as Error).message };
  }
}
