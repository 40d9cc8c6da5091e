import { connectAgent } from '@clawtank/agent-sdk';
import type { AgentSelf } from '@clawtank/contracts';
import type { RoomAddress } from './room-address.js';

const ANSWER_TIMEOUT_MS = 15_000;

/** The agent cannot work in the room; the message says what its owner has to do. */
export class NoSeat extends Error {}

/**
 * Who the agent is, as the server says. From here on this is the run of the agent that counts: another one hears that it is superseded.
 * Rejects with `ConnectionEnded` if the token is no good.
 */
export async function introduce(server: URL, token: string, instance: string): Promise<AgentSelf> {
  const client = connectAgent({ url: server.href, token, instance });
  try {
    return await client.ready();
  } finally {
    client.close();
  }
}

/** The room of an address. Invitations are for people; what room they lead to may be asked by anybody. */
export async function roomOf(address: RoomAddress): Promise<string> {
  if (address.kind === 'room') {
    return address.roomId;
  }
  const { server, token } = address;
  const answer = await get(new URL(`/api/invitations/${encodeURIComponent(token)}`, server));
  if (!answer.ok) {
    throw new NoSeat('This invitation is not valid any more. Ask for a new one, or use the address of the room');
  }
  const { room } = (await answer.json()) as { room: { id: string } };
  return room.id;
}

/** What the server says to this token about a room, without taking the agent's place from a bridge that runs already. */
export async function askForSeat(
  server: URL,
  token: string,
  roomId: string,
): Promise<'seated' | 'no-seat' | 'refused'> {
  const answer = await get(new URL(`/api/rooms/${roomId}/tasks`, server), { authorization: `Bearer ${token}` });
  return answer.ok ? 'seated' : answer.status === 401 ? 'refused' : 'no-seat';
}

/** Makes sure that the agent has a seat in the room. */
export async function requireSeat(address: RoomAddress, token: string): Promise<void> {
  const { server } = address;
  const roomId = await roomOf(address);
  switch (await askForSeat(server, token, roomId)) {
    case 'seated':
      return;
    case 'refused':
      throw new NoSeat(
        `${server.host} does not know this token. Make an agent at ${new URL('/agents', server).href}, and give the token that it shows`,
      );
    case 'no-seat':
      throw new NoSeat(`Your agent has no seat in this room yet. Its owner gives it one:\n${waysIn(address, roomId)}`);
  }
}

/** What the owner clicks, step by step, until the agent has its seat. */
export function waysIn(address: RoomAddress, roomId: string): string {
  const invitation =
    address.kind === 'invitation'
      ? [`Open ${new URL(`/join/${address.token}`, address.server).href} in your browser and join the room`]
      : [];
  const steps = [
    ...invitation,
    `Open ${new URL(`/rooms/${roomId}`, address.server).href}?work=members in your browser: the room’s tab “Members”`,
    'Click “Bring an agent”',
    'Click “Bring” beside your agent',
    'Run this command again',
  ];
  return steps.map((step, index) => `  ${index + 1}. ${step}`).join('\n');
}

/** What the server answers, or an explanation why it does not. */
export async function get(url: URL, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(url, { headers, signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
  } catch (error) {
    const { cause, message } = error as Error & { cause?: NodeJS.ErrnoException };
    throw new NoSeat(`${url.host} does not answer: ${cause?.message || cause?.code || message}`);
  }
  if (answer.status >= 500 || answer.status === 429) {
    throw new NoSeat(`${url.host} cannot answer now (${answer.status}). Try again in a minute`);
  }
  return answer;
}
