import type { PublicEvent } from '@clawtank/contracts';
import { ViewingFigures } from './domain/viewing-figures.js';
import type { SpectatorLine } from './spectator-line.js';
import { SpectatorMessage } from './spectator-message.js';
import { WatchedRoom } from './watched-room.js';

const NOW = new Date('2026-02-17T21:03:00.000Z');

const event = (place: number): PublicEvent => ({
  type: 'member.joined',
  member_name: 'alice',
  public_seq: place,
  event_id: `event-${place}`,
  timestamp: NOW.toISOString(),
});

class Line implements SpectatorLine {
  readonly roomId = 'room';
  readonly address = '';
  readonly heard: number[] = [];
  follows = false;

  send({ envelope }: SpectatorMessage): void {
    const { events } = envelope.data as { events?: PublicEvent[] };
    this.heard.push(...(events ?? []).map(({ public_seq }) => public_seq));
  }
  follow(): void {
    this.follows = true;
  }
  unfollow(): void {
    this.follows = false;
  }
  close(): void {}
}

function aRoom() {
  const lines = [new Line(), new Line()] as const;
  const room = new WatchedRoom({
    roomId: 'room',
    figures: new ViewingFigures(),
    now: () => NOW,
    broadcast: (message) => lines.filter(({ follows }) => follows).forEach((line) => line.send(message)),
  });
  return { room, lines };
}

describe('A watched room', () => {
  it('sends what was waiting before it lets somebody in who knows it already', () => {
    const { room, lines } = aRoom();
    const [early, late] = lines;
    room.attach(early, []);
    room.add(event(5));
    room.attach(late, []);
    room.add(event(6));
    room.flush();
    expect(early.heard).toEqual([5, 6]);
    expect(late.heard).toEqual([6]);
    room.stop();
  });
});
