import { setTimeout as wait } from 'node:timers/promises';
import type { RoomClient } from '../client/room-client.js';
import { atMost, equal, within } from '../expect.js';
import type { Person } from '../installation.js';
import type { Stage } from '../scenario.js';
import type { Server } from '../server.js';

const PAUSE_MS = 25;
/** Far more than a healthy server ever takes, far less than one that is stuck. */
const SLOWEST_MS = 2000;

/** Two people who talk to each other at one process while somebody else misbehaves there. */
export class Neighbours {
  private isTalking = true;
  private readonly sentAt = new Map<string, number>();
  private readonly delays: number[] = [];

  private constructor(
    private readonly server: Server,
    private readonly pid: number | undefined,
    private readonly writer: RoomClient,
    private readonly reader: RoomClient,
    private readonly talking: { done: Promise<void> },
  ) {}

  static async of(stage: Stage, server: Server): Promise<Neighbours> {
    const { installation, random } = stage;
    const [ann, bob] = (await installation.newPeople(2)) as [Person, Person];
    const room = await installation.newRoom([ann, bob]);
    const writer = await installation.follow(stage, ann, room.id, server);
    const arrived: ((id: string) => void)[] = [];
    const reader = await installation.follow(stage, bob, room.id, server, {
      onEntry: (event) => {
        if (event.type === 'chat.message' && event.data.message.clientMessageId) {
          arrived.forEach((tell) => tell(event.data.message.clientMessageId ?? ''));
        }
      },
    });
    const talking = { done: Promise.resolve() };
    const neighbours = new Neighbours(server, server.pid, writer, reader, talking);
    arrived.push((id) => neighbours.heard(id));
    talking.done = neighbours.talk(() => random.id());
    stage.keep(() => {
      neighbours.isTalking = false; // without waiting for an answer that may never come
    });
    return neighbours;
  }

  /** Stops them and checks that nothing disturbed them: no line was closed, nothing was lost or late, the process is the same. */
  async verify(): Promise<void> {
    await this.hush();
    await within(
      SLOWEST_MS,
      'a neighbour receives everything that was said',
      () => this.sentAt.size === 0,
      () => `${this.sentAt.size} messages missing`,
    );
    equal(`the process is the one it was`, [this.server.isRunning, this.server.pid], [true, this.pid]);
    equal(
      'the neighbours’ lines were never closed',
      [this.writer, this.reader].map(({ connectedAt, isConnected }) => [connectedAt.length, isConnected]),
      [
        [1, true],
        [1, true],
      ],
    );
    equal('the neighbours saw no gap and nothing twice', [this.reader.gaps, this.reader.doubles], [0, 0]);
    atMost('milliseconds that a neighbour waited for a message', Math.max(0, ...this.delays), SLOWEST_MS);
  }

  private async talk(id: () => string): Promise<void> {
    while (this.isTalking) {
      const clientMessageId = id();
      this.sentAt.set(clientMessageId, performance.now());
      await this.writer.say('Lovely weather', clientMessageId);
      await wait(PAUSE_MS);
    }
  }

  private heard(id: string): void {
    const sentAt = this.sentAt.get(id);
    if (sentAt !== undefined) {
      this.delays.push(performance.now() - sentAt);
      this.sentAt.delete(id);
    }
  }

  private async hush(): Promise<void> {
    this.isTalking = false;
    await this.talking.done;
  }
}
