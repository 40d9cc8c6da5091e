import { connect, type Socket } from 'node:net';
import type { Place } from '../workload.js';

const CONNECT_MS = 60_000;
/** The number of the acknowledgement of joining; messages count from 1. */
const JOIN = 0;
const READ_BYTES = 256 * 1024;

/** What the load needs to hear of a socket. */
export interface Ear {
  acknowledged(message: number, error: string | null): void;
  delivered(message: number, member: number): void;
  read(): void;
  closed(member: number, reason: string): void;
}

const CODE = { ping: 0x32, message: 0x34, event: 0x32, acknowledgement: 0x33, bracket: 0x5b };
const [TEXT, CLOSE] = [0x81, 0x88];
const BROADCAST = Buffer.from('42["message_broadcast"');
const MESSAGE_ID = Buffer.from('"clientMessageId":"bench-message-');
const ACCEPTED = Buffer.from('[{"ok":true');
const ERROR_CODE = /"code":"(\w+)"/;
const END_OF_HEAD = Buffer.from('\r\n\r\n');
const NOTHING = Buffer.alloc(0);

/** How far into a broadcast its message is named; the same in all that one server sends, as long as names are of one length. */
let nameAt = 0;

/** All sockets read into the same memory, one after the other: what is not whole is copied. */
const shared = Buffer.allocUnsafe(READ_BYTES);

export interface Arrival {
  readonly epoch: string;
  readonly seq: number;
}

/**
 * A member's Socket.IO connection over plain TCP. It writes the protocol by hand and looks into no more of a frame than it has to
 * count: 1,000 sockets of an ordinary client would need more of the machine than the server that is to be measured. For the
 * server there is no difference.
 */
export class MemberSocket {
  private readonly tcp: Socket;
  private readonly ear: Ear;
  private readonly number: number;
  private readonly head: string;
  private readonly handshake: string;
  private readonly joinRequest: string;
  private rest = NOTHING;
  private isUpgraded = false;
  private arrival: Arrival | null = null;
  private missed: number;
  private settle: { done: (arrival: Arrival) => void; fail: (error: Error) => void } | null = null;

  private constructor(url: string, token: string, roomId: string, number: number, ear: Ear, from?: Place, missed = 0) {
    this.ear = ear;
    this.number = number;
    this.missed = missed;
    this.head = `["chat_message",{"roomId":"${roomId}","message":"`;
    this.handshake = `40${JSON.stringify({ token })}`;
    const since = from ? { lastSeq: from.lastSeq, epoch: from.epoch } : {};
    this.joinRequest = `42${JOIN}${JSON.stringify(['join_room', { roomId, ...since }])}`;
    const { hostname, port, host } = new URL(url);
    this.tcp = connect({
      host: hostname,
      port: Number(port),
      noDelay: true,
      onread: {
        buffer: shared,
        callback: (length) => {
          this.receive(shared.subarray(0, length));
          return true;
        },
      },
    });
    this.tcp.write(
      `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: ${host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        `Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n`,
    );
    this.tcp.on('error', (error) => this.fail(error.message));
    this.tcp.on('close', () => this.fail('the connection ended'));
  }

  /** Connects, signs in and joins the room; with a place, until what was missed since has arrived. */
  static async join(
    url: string,
    token: string,
    roomId: string,
    number: number,
    ear: Ear,
    from?: Place,
    missed?: number,
  ): Promise<{ member: MemberSocket; arrival: Arrival }> {
    const member = new MemberSocket(url, token, roomId, number, ear, from, missed);
    const arrival = await new Promise<Arrival>((resolve, reject) => {
      const patience = setTimeout(() => reject(new Error('A socket could not join in time')), CONNECT_MS);
      const settled = () => {
        clearTimeout(patience);
        member.settle = null;
      };
      member.settle = {
        done: (arrived) => {
          settled();
          resolve(arrived);
        },
        fail: (error) => {
          settled();
          reject(error);
        },
      };
    });
    return { member, arrival };
  }

  /** Says `text` as message number `message`, which is at once the number of its acknowledgement. */
  say(message: number, text: string): void {
    this.send(`42${message}${this.head}${text}","clientMessageId":"bench-message-${message}"}]`);
  }

  close(): void {
    this.tcp.removeAllListeners('close').destroy();
  }

  private fail(reason: string): void {
    if (this.settle) {
      this.settle.fail(new Error(`A socket could not join: ${reason}`));
    } else {
      this.ear.closed(this.number, reason);
    }
  }

  /** A frame has to be masked; that the mask is zero changes nothing but the time it takes. */
  private send(text: string): void {
    const length = Buffer.byteLength(text);
    const start = length < 126 ? 6 : 8;
    const frame = Buffer.alloc(start + length);
    frame[0] = TEXT;
    if (length < 126) {
      frame[1] = 0x80 | length;
    } else {
      frame[1] = 0x80 | 126;
      frame.writeUInt16BE(length, 2);
    }
    frame.write(text, start);
    this.tcp.write(frame);
  }

  private receive(chunk: Buffer): void {
    this.ear.read();
    let data = this.rest.length > 0 ? Buffer.concat([this.rest, chunk]) : chunk;
    if (!this.isUpgraded) {
      const end = data.indexOf(END_OF_HEAD);
      if (end === -1) {
        this.rest = Buffer.from(data);
        return;
      }
      if (!data.subarray(0, end).toString('latin1').startsWith('HTTP/1.1 101')) {
        this.tcp.destroy(new Error(data.subarray(0, end).toString('latin1').split('\r\n', 1)[0]));
        return;
      }
      this.isUpgraded = true;
      data = data.subarray(end + END_OF_HEAD.length);
    }
    let at = 0;
    while (at + 2 <= data.length) {
      const short = data[at + 1] ?? 0;
      const start = at + (short < 126 ? 2 : short === 126 ? 4 : 10);
      if (start > data.length) {
        break;
      }
      const length =
        short < 126 ? short : short === 126 ? data.readUInt16BE(at + 2) : Number(data.readBigUInt64BE(at + 2));
      const end = start + length;
      if (end > data.length) {
        break;
      }
      if (data[at] === CLOSE) {
        this.tcp.destroy(new Error(`closed with ${length >= 2 ? data.readUInt16BE(start) : 'no code'}`));
        return;
      }
      this.read(data, start, end);
      at = end;
    }
    this.rest = at < data.length ? Buffer.from(data.subarray(at)) : NOTHING;
  }

  private read(data: Buffer, start: number, end: number): void {
    if (data[start] === CODE.message && data[start + 1] === CODE.event) {
      if (isAt(data, start, BROADCAST)) {
        this.hearBroadcast(data, start);
      }
    } else if (data[start] === CODE.message && data[start + 1] === CODE.acknowledgement) {
      this.readAcknowledgement(data.subarray(start, end));
    } else if (data[start] === CODE.ping) {
      this.send('3');
    } else if (this.settle) {
      this.readHandshake(data.toString('utf8', start, end));
    }
  }

  private hearBroadcast(data: Buffer, start: number): void {
    if (this.settle) {
      this.missed--; // what comes while a client catches up belongs to no load
      this.arriveIfComplete();
    } else {
      this.ear.delivered(numberAt(data, this.endOfName(data, start)), this.number);
    }
  }

  /** Where the message's number begins: where it began last, or wherever it is. */
  private endOfName(data: Buffer, start: number): number {
    if (!isAt(data, start + nameAt, MESSAGE_ID)) {
      nameAt = data.indexOf(MESSAGE_ID, start) - start;
    }
    return start + nameAt + MESSAGE_ID.length;
  }

  private readAcknowledgement(data: Buffer): void {
    const bracket = data.indexOf(CODE.bracket);
    const accepted = data.compare(ACCEPTED, 0, ACCEPTED.length, bracket, bracket + ACCEPTED.length) === 0;
    const error = accepted ? null : (ERROR_CODE.exec(data.toString())?.[1] ?? 'unknown');
    const message = numberAt(data, 2);
    if (message !== JOIN) {
      this.ear.acknowledged(message, error);
    } else if (accepted) {
      const [{ data: joined }] = JSON.parse(data.toString('utf8', bracket)) as [{ data: Partial<Arrival> }];
      this.arrival = { epoch: joined.epoch ?? '', seq: joined.seq ?? 0 };
      this.arriveIfComplete();
    } else {
      this.settle?.fail(new Error(`A socket could not join: ${error}`));
    }
  }

  private arriveIfComplete(): void {
    if (this.arrival && this.missed <= 0) {
      this.settle?.done(this.arrival);
    }
  }

  private readHandshake(text: string): void {
    if (text.startsWith('0')) {
      this.send(this.handshake);
    } else if (text.startsWith('40')) {
      this.send(this.joinRequest);
    } else if (text.startsWith('44')) {
      this.settle?.fail(new Error(`A socket was refused: ${text.slice(2)}`));
    }
  }
}

/** Without a call out of JavaScript, which would cost more than all else that is done for a delivery. */
function isAt(data: Buffer, at: number, expected: Buffer): boolean {
  for (let index = 0; index < expected.length; index++) {
    if (data[at + index] !== expected[index]) {
      return false;
    }
  }
  return true;
}

/** The whole number that begins at `at`. */
function numberAt(data: Buffer, at: number): number {
  let value = 0;
  for (let index = at; ; index++) {
    const digit = (data[index] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) {
      return value;
    }
    value = value * 10 + digit;
  }
}
