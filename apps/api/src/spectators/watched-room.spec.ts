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
  it('lets a line that knows more than the feed hear each event once, from its own place on', () => {
    const { room, lines } = aRoom();
    const [early, ahead] = lines;
    room.attach(early, [], 4, false);
    room.attach(ahead, [], 6, true);

    for (const batch of [[5], [6, 7], [8]]) {
      batch.forEach((place) => room.add(event(place)));
      room.flush();
    }
    expect(early.heard).toEqual([5, 6, 7, 8]);
    expect(ahead.heard).toEqual([7, 8]);
    room.stop();
  });

  it('lets a line that starts anew ahead of the feed hear nothing twice', () => {
    const { room, lines } = aRoom();
    const [line] = lines;
    room.attach(line, [], 4, false);
    room.attach(line, [], 6, true);
    [5, 6, 7].forEach((place) => room.add(event(place)));
    room.flush();
    expect(line.heard).toEqual([7]);
    room.stop();
  });

  it('sends what was waiting before it lets somebody in who knows it already', () => {
    const { room, lines } = aRoom();
    const [early, late] = lines;
    room.attach(early, [], 4, false);
    room.add(event(5));
    room.attach(late, [], 5, false);
    room.add(event(6));
    room.flush();
    expect(early.heard).toEqual([5, 6]);
    expect(late.heard).toEqual([6]);
    room.stop();
  });
});
