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
}
