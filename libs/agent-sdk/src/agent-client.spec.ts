import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { COMMANDS, KEY_PROOF_NAMESPACE, keyProofText } from '@clawtank/contracts';
import { parsePublicKey, verifySignature } from '@clawtank/ssh-signature';
import { aRoomContext, aDirectMessage } from '../../../test/agent-sdk/builders.js';
import { ContractServer } from '../../../test/agent-sdk/contract-server.js';
import { once } from '../../../test/agent-sdk/once.js';
import {
  type AgentClient,
  AgentKeyStore,
  type AgentRoom,
  CommandRefused,
  ConnectionEnded,
  connectAgent,
  NotDelivered,
} from './index.js';
import { ONCE_ONLY } from './once-only.js';

let server: ContractServer;
let client: AgentClient;

beforeEach(async () => {
  server = await ContractServer.start();
  client = connectAgent({ url: server.url, token: 'cta_test', capabilities: ['edit'], instance: 'one' });
});
afterEach(async () => {
  client.close();
  await server.stop();
});

async function joinedRoom(): Promise<AgentRoom> {
  const room = client.room(server.roomId);
  await once(room, 'joined');
  return room;
}

const texts = (room: AgentRoom) => room.state?.messages.map(({ message }) => message);

describe('the key of an agent', () => {
  let folder: string;
  let keyed: AgentClient;
  const connectWithKey = () => {
    keyed = connectAgent({ url: server.url, token: 'cta_test', keys: new AgentKeyStore(folder) });
    return keyed.ready();
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'clawtank-keys-'));
  });
  afterEach(() => {
    keyed.close();
    rmSync(folder, { recursive: true });
  });

  it('is registered, with the proof that it is this agent’s, before anything else', async () => {
    const { agentId } = await connectWithKey();

    const { publicKey } = await new AgentKeyStore(folder).keyOf(agentId);
    const [registered] = server.askedFor('register_key');
    expect(registered?.request.publicKey).toBe(publicKey);
    const key = parsePublicKey(publicKey);
    const expected = { keys: key ? [key] : [], namespace: KEY_PROOF_NAMESPACE };
    const { verdict } = verifySignature(registered?.request.proof as string, keyProofText(agentId), expected);
    expect(verdict).toBe('good');
  });

  it('is the same after each reconnection', async () => {
    await connectWithKey();
    server.kick();
    await once(keyed, 'connected');

    const [first, second] = server.askedFor('register_key');
    expect(second?.request.publicKey).toBe(first?.request.publicKey);
  });

  it.each(['key_revoked', 'key_taken', 'too_many_keys'] as const)(
    'that the server refuses with %s ends the agent: no work of its would be taken in',
    async (code) => {
      server.refuse('register_key', code);
      await expect(connectWithKey()).rejects.toMatchObject({ name: 'ConnectionEnded', code });
    },
  );

  it('is registered later if the server cannot do it now', async () => {
    server.refuse('register_key', 'unavailable');
    await connectWithKey();
    expect(server.askedFor('register_key')).toHaveLength(2);
  });

  it('that cannot be read ends the agent and says which file it is', async () => {
    writeFileSync(join(folder, `${server.agentId}.key`), 'nonsense');
    await expect(connectWithKey()).rejects.toMatchObject({ code: 'key_unusable' });
    await expect(keyed.ready()).rejects.toThrow(`${server.agentId}.key is not`);
  });
});

describe('connecting', () => {
  it('registers with its capabilities and says who it is', async () => {
    const self = await client.ready();

    expect(self).toMatchObject({ agentId: server.agentId, name: 'crusty', rooms: [server.roomId] });
    expect(server.askedFor('agent_register')[0]?.request).toEqual({ capabilities: ['edit'], instance: 'one' });
  });

  it('comes back after the server closed the connection, and registers again', async () => {
    await client.ready();

    server.kick();
    await once(client, 'connected');

    expect(server.askedFor('agent_register')).toHaveLength(2);
  });

  it('comes back when a handshake was refused for now', async () => {
    await client.ready();
    server.handshakeRefusal = { code: 'unavailable', message: 'Starting' };
    server.kick();
    await once(client, 'disconnected');
    const back = once(client, 'connected');
    server.handshakeRefusal = null;

    await back;
  });

  it('ends, and does not ask again, when its token is refused', async () => {
    await client.ready();
    server.handshakeRefusal = { code: 'unauthenticated', message: 'The token was revoked' };
    server.kick();

    const [reason] = await once(client, 'ended');

    expect(reason).toBeInstanceOf(ConnectionEnded);
    expect(reason).toMatchObject({ code: 'unauthenticated', message: 'The token was revoked' });
    await expect(client.command('chat_message', { roomId: server.roomId, message: 'Hi' })).rejects.toBe(reason);
  });

  it('rejects whoever waits for it to be ready when it is refused from the start', async () => {
    server.handshakeRefusal = { code: 'forbidden', message: 'Not here' };
    const refused = connectAgent({ url: server.url, token: 'cta_bad' });

    await expect(refused.ready()).rejects.toMatchObject({ name: 'ConnectionEnded', code: 'forbidden' });
  });

  it('ends when its session is closed for good', async () => {
    await client.ready();
    const ended = once(client, 'ended');

    server.closeSession('The agent was revoked');

    expect((await ended)[0]).toMatchObject({ code: 'session_closed', message: 'The agent was revoked' });
  });
});

describe('a room', () => {
  it('starts from the snapshot and follows the log, each entry once', async () => {
    const room = await joinedRoom();
    const heard: string[] = [];
    room.on('message', ({ message }) => heard.push(message));

    const first = server.appendMessage('one');
    server.push('message_broadcast', { roomId: server.roomId, epoch: server.state.epoch, message: first });
    server.appendMessage('two');
    await once(room, 'message');
    while (heard.length < 2) await once(room, 'message');

    expect(heard).toEqual(['one', 'two']);
    expect(texts(room)).toEqual(['one', 'two']);
    expect(room.state?.seq).toBe(3);
  });

  it('asks for what it missed when there is a hole, from where its state ends', async () => {
    const room = await joinedRoom();
    server.appendMessage('unheard', { told: false });

    server.appendMessage('heard');
    while (room.state?.seq !== 3) await once(room, 'message');

    expect(texts(room)).toEqual(['unheard', 'heard']);
    expect(server.askedFor('join_room').at(-1)?.request).toEqual({
      roomId: server.roomId,
      lastSeq: 1,
      epoch: server.state.epoch,
    });
  });

  it('recovers after a lost connection what was said meanwhile', async () => {
    const room = await joinedRoom();
    server.kick();
    server.appendMessage('while you were away');

    const [message] = await once(room, 'message');

    expect(message).toMatchObject({ message: 'while you were away' });
    expect(texts(room)).toEqual(['while you were away']);
  });

  it('takes a new snapshot when the log became another one', async () => {
    const room = await joinedRoom();
    const other = { ...server.appendMessage('of another log', { told: false }), seq: 2 };

    server.push('message_broadcast', {
      roomId: server.roomId,
      epoch: '0b4ad5ac-6a4d-4b5a-9a4e-3f6a3c1c5b10',
      message: other,
    });
    await once(room, 'joined');

    expect(server.askedFor('join_room')).toHaveLength(2);
  });

  it('forgets its state when the seat is lost, and is there again with a new seat', async () => {
    const room = await joinedRoom();

    server.push('room_closed', { roomId: server.roomId, reason: 'removed' });
    expect(await once(room, 'closed')).toEqual([{ reason: 'removed' }]);
    expect(room.state).toBeNull();

    server.push('room_context', aRoomContext(server.state));
    await once(room, 'joined');
    expect(room.state?.seq).toBe(1);
  });

  it('hands on what is said to the agent alone, and answers it once', async () => {
    const room = await joinedRoom();
    const whispered = aDirectMessage({ roomId: server.roomId, message: 'Between us' });
    server.push('direct_message', { message: whispered });
    expect(await once(room, 'directMessage')).toEqual([whispered]);

    server.cutBeforeAnswering('direct_message');
    const answer = await room.sayDirectly(whispered.userId, 'I see');

    expect(answer.message).toBe('I see');
    const [first, second] = server.askedFor('direct_message');
    expect(first?.request).toMatchObject({ roomId: server.roomId, toMemberId: whispered.userId, message: 'I see' });
    expect(second?.request.clientMessageId).toBe(first?.request.clientMessageId);
  });

  it('keeps pushes that come before the snapshot', async () => {
    server.refuse('join_room', 'internal', 200);
    await client.ready();
    const room = client.room(server.roomId);
    server.appendMessage('early');

    const [joined] = await once(room, 'joined');

    expect(joined).toMatchObject({ recovered: false });
    expect(texts(room)).toEqual(['early']);
  });
});

describe('a command', () => {
  it('is repeated with the same id after a lost answer, and happens once', async () => {
    await client.ready();
    server.cutBeforeAnswering('chat_message');

    const message = await client.command('chat_message', { roomId: server.roomId, message: 'Hi' });

    const [first, second] = server.askedFor('chat_message');
    expect(message.message).toBe('Hi');
    expect(first?.request.clientMessageId).toEqual(expect.any(String));
    expect(second?.request.clientMessageId).toBe(first?.request.clientMessageId);
    expect(second?.connection).not.toBe(first?.connection);
  });

  it('waits for the connection, in the order given', async () => {
    await client.ready();
    server.kick();
    await once(client, 'disconnected');

    await Promise.all(['1', '2', '3'].map((message) => client.room(server.roomId).say(message)));

    expect(server.askedFor('chat_message').map(({ request }) => request.message)).toEqual(['1', '2', '3']);
  });

  it('is sent again after the time that a rate limit asks for, before those behind it', async () => {
    await client.ready();
    server.refuse('chat_message', 'rate_limited', 50);

    await Promise.all([client.room(server.roomId).say('first'), client.room(server.roomId).say('second')]);

    expect(server.askedFor('chat_message').map(({ request }) => request.message)).toEqual(['first', 'first', 'second']);
  });

  it('is rejected with the code of the server when it is refused', async () => {
    await client.ready();
    server.refuse('open_pull_request', 'branch_missing');

    const refused = client.command('open_pull_request', { roomId: server.roomId, title: 'T', head: 'nowhere' });

    await expect(refused).rejects.toBeInstanceOf(CommandRefused);
    await expect(refused).rejects.toMatchObject({ code: 'branch_missing', command: 'open_pull_request' });
  });

  it('without an id is asked once, or not at all', async () => {
    await client.ready();
    server.cutBeforeAnswering('agent_status');
    await expect(client.command('agent_status', { status: 'idle' })).rejects.toMatchObject({
      reason: 'connection_lost',
    });

    const offline = client.command('agent_status', { status: 'idle' });

    await expect(offline).rejects.toBeInstanceOf(NotDelivered);
    expect(server.askedFor('agent_status')).toHaveLength(1);
  });

  it('is refused when too many wait', async () => {
    await client.ready();
    server.kick();
    await once(client, 'disconnected');
    const waiting = Array.from({ length: 500 }, () => client.room(server.roomId).say('…'));
    const refused = Promise.allSettled(waiting);

    await expect(client.room(server.roomId).say('one more')).rejects.toMatchObject({ reason: 'buffer_full' });
    client.close();
    expect((await refused).every(({ status }) => status === 'rejected')).toBe(true);
  });

  it('carries an id exactly if the contract has a field for it', () => {
    const expected = Object.entries(COMMANDS).flatMap(([name, { request }]) => {
      const fields = 'shape' in request ? Object.keys(request.shape) : [];
      const field = fields.find((one) => one === 'commandId' || one === 'clientMessageId');
      return field ? [[name, field]] : [];
    });
    expect(ONCE_ONLY).toEqual(Object.fromEntries(expected));
  });
});
