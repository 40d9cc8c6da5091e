import { Injectable } from '@nestjs/common';

/** How much spectators may ask of the server. */
@Injectable()
export class SpectatorLimits {
  /** Spectators of one room. */
  readonly capacity: number = 5000;
  /** Connections that one address may open in a minute. */
  readonly connectionsPerMinute: number = 600;
  /** Messages that one connection may send in a minute. */
  readonly messagesPerMinute: number = 30;
  /** Messages in a minute that make no sense, before the connection is closed. */
  readonly mistakesPerMinute: number = 10;
  /** What one spectator may say in the chat of a room in a minute. */
  readonly chatPerSpeaker: number = 12;
  /** What those of one address may say in the chats of all rooms in a minute. */
  readonly chatPerAddress: number = 60;
  /** What may be said in one room's chat in ten seconds: each message goes to everybody who watches. */
  readonly chatPerRoom: number = 50;
}
