import { WebSocket } from 'ws';

const CONNECT_MS = 30_000;
/** The number of the acknowledgement of joining; messages count from 1. */
const JOIN = 0;

/** What the load needs to hear of a socket. */
export interface Ear {
  acknowledged(message: number, error: string | null): void;
  delivered(message: number, member: number): void;
  closed(member: number, code: number): void;
}

const CODE = { ping: 0x32, message: 0x34, event: 0x32, acknowledgement: 0x33, bracket: 0x5b };
const BROADCAST = Buffer.from('42["message_broadcast"');
const MESSAGE_ID = Buffer.from('"clientMessageId":"bench-message-');
const ACCEPTED = Buffer.from('[{"ok":true');
const ERROR_CODE = /"code":"(\w+)"/;

/**
 * A member's Socket.IO connection over a plain WebSocket. It writes the protocol by hand and reads only what has to be counted:
 * 1,000 sockets of the ordinary client would need more of the machine than the server that is to be measured. For the server
 * there is no difference.
 */
export class MemberSocket {
  private readonly socket: WebSocket;
  private readonly ear: Ear;
  private readonly number: number;
  private readonly head: string;
  private readonly joinRequest: string;
  private settle: { done: () => void; fail: (error: Error) => void } | null = null;

  private constructor(url: string, token: string, roomId: string, number: number, ear: Ear) {
    this.ear = ear;
    this.number = number;
    this.head = `["chat_message",{"roomId":"${roomId}","message":"`;
    this.joinRequest = `42${JOIN}["join_room",{"roomId":"${roomId}"}]`;
    const address = `${url.replace(/^http/, 'ws')}/socket.io/?EIO=4&transport=websocket`;
    this.socket = new WebSocket(address, { perMessageDeflate: false, skipUTF8Validation: true });
    this.socket.on('open', () => this.socket.send(`40${JSON.stringify({ token })}`));
    this.socket.on('message', (data: Buffer) => this.read(data));
    this.socket.on('error', (error) => this.settle?.fail(error));
    this.socket.on('close', (code) => {
      this.settle?.fail(new Error(`The server closed a socket with ${code}`));
      this.ear.closed(this.number, code);
    });
  }

  /** Connects, signs in and joins the room. */
  static async join(url: string, token: string, roomId: string, number: number, ear: Ear): Promise<MemberSocket> {
    const member = new MemberSocket(url, token, roomId, number, ear);
    await new Promise<void>((resolve, reject) => {
      const patience = setTimeout(() => reject(new Error('A socket could not join in time')), CONNECT_MS);
      const settled = () => {
        clearTimeout(patience);
        member.settle = null;
      };
      member.settle = {
        done: () => {
          settled();
          resolve();
        },
        fail: (error) => {
          settled();
          reject(error);
        },
      };
    });
    return member;
  }

  /** Says `text` as message number `message`, which is at once the number of its acknowledgement. */
  say(message: number, text: string): void {
    this.socket.send(`42${message}${this.head}${text}","clientMessageId":"bench-message-${message}"}]`);
  }

  close(): void {
    this.socket.removeAllListeners('close').terminate();
  }

  private read(data: Buffer): void {
    if (data[0] === CODE.ping) {
      this.socket.send('3');
    } else if (data[0] === CODE.message && data[1] === CODE.event) {
      if (data.compare(BROADCAST, 0, BROADCAST.length, 0, BROADCAST.length) === 0) {
        this.ear.delivered(numberAt(data, data.indexOf(MESSAGE_ID) + MESSAGE_ID.length), this.number);
      }
    } else if (data[0] === CODE.message && data[1] === CODE.acknowledgement) {
      this.readAcknowledgement(data);
    } else if (this.settle) {
      this.readHandshake(data.toString());
    }
  }

  private readAcknowledgement(data: Buffer): void {
    const bracket = data.indexOf(CODE.bracket);
    const accepted = data.compare(ACCEPTED, 0, ACCEPTED.length, bracket, bracket + ACCEPTED.length) === 0;
    const error = accepted ? null : (ERROR_CODE.exec(data.toString())?.[1] ?? 'unknown');
    const message = numberAt(data, 2);
    if (message !== JOIN) {
      this.ear.acknowledged(message, error);
    } else if (accepted) {
      this.settle?.done();
    } else {
      this.settle?.fail(new Error(`A socket could not join: ${error}`));
    }
  }

  private readHandshake(text: string): void {
    if (text.startsWith('40')) {
      this.socket.send(this.joinRequest);
    } else if (text.startsWith('44')) {
      this.settle?.fail(new Error(`A socket was refused: ${text.slice(2)}`));
    }
  }
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
