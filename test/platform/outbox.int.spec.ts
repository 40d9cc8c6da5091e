import { type INestApplicationContext, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { DomainEventMap } from '../../apps/api/src/events/domain-events.js';
import { migrate } from '../../apps/api/src/platform/database/migrate.js';
import { UnitOfWork } from '../../apps/api/src/platform/database/unit-of-work.js';
import { OnDomainEvent } from '../../apps/api/src/platform/outbox/on-domain-event.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/people.js';
import { OUTBOX, startPlatform } from './support/platform-app.js';

type Heard = DomainEventMap['rooms.deleted'];

/** What a test's listeners do when they hear of a deleted room. */
interface Ear {
  hear(roomId: string, listener: string): Promise<void> | void;
}
let ear: Ear;

@Injectable()
class FirstListener {
  @OnDomainEvent('rooms.deleted')
  async hear({ roomId }: Heard): Promise<void> {
    await ear.hear(roomId, 'first');
  }
}

@Injectable()
class SecondListener {
  @OnDomainEvent('rooms.deleted')
  async hear({ roomId }: Heard): Promise<void> {
    await ear.hear(roomId, 'second');
  }
}

let database: TestDatabase;
let apps: INestApplicationContext[];

beforeEach(async () => {
  database = await createTestDatabase();
  await migrate(database.url);
  apps = [];
});
afterEach(async () => {
  await Promise.all(apps.map((app) => app.close()));
  await database.drop();
});

async function startRelay(providers = [FirstListener, SecondListener]): Promise<INestApplicationContext> {
  const app = await startPlatform({
    databaseUrl: database.url,
    env: { DATABASE_POOL_SIZE: '2' },
    providers: [OUTBOX, ...providers],
  });
  apps.push(app);
  return app;
}

const announce = (app: INestApplicationContext, ...roomIds: string[]): Promise<void> =>
  app.get(UnitOfWork).run((work) => {
    roomIds.forEach((roomId) => work.announce({ name: 'rooms.deleted', data: { roomId } }));
    return Promise.resolve();
  });

const waiting = (app: INestApplicationContext): Promise<{ attempts: number; last_error: string }[]> =>
  app.get(DataSource).query('SELECT attempts, last_error FROM outbox ORDER BY id');
const isEmpty = async (app: INestApplicationContext) => (await waiting(app)).length === 0;

describe('the outbox', () => {
  it('hands each event to every listener after the commit, in the order they were announced', async () => {
    const heard: string[] = [];
    ear = { hear: (roomId, listener) => void heard.push(`${roomId} ${listener}`) };
    const app = await startRelay();
    await app.get(UnitOfWork).run(async (work) => {
      work.announce({ name: 'rooms.deleted', data: { roomId: 'a' } });
      await work.manager.query('SELECT pg_sleep(0.3)');
      expect(heard).toEqual([]);
    });
    await announce(app, 'b', 'c');
    await eventually(() => isEmpty(app));
    expect(heard).toEqual(['a first', 'a second', 'b first', 'b second', 'c first', 'c second']);
  });

  it('calls a listener that failed twice a third time; other listeners and later events do not wait for it', async () => {
    const heard: string[] = [];
    let failures = 0;
    ear = {
      hear: (roomId, listener) => {
        heard.push(`${roomId} ${listener}`);
        if (roomId === 'bad' && listener === 'first' && failures < 2) {
          failures++;
          throw new Error(`failure ${failures}`);
        }
      },
    };
    const app = await startRelay();
    await announce(app, 'bad', 'good');
    await eventually(() => heard.includes('good second'));
    expect(heard).toEqual(['bad first', 'bad second', 'good first', 'good second']);
    expect((await waiting(app))[0]).toEqual({ attempts: 1, last_error: 'failure 1' });

    await eventually(() => isEmpty(app));
    expect(heard.filter((each) => each === 'bad first')).toHaveLength(3);
  });

  it('is emptied by two relays at once without the two ever having the same event in hand', async () => {
    const inHand = new Set<string>();
    const heard: string[] = [];
    const busy = new Set<number>();
    let overlaps = 0;
    ear = {
      hear: async (roomId, listener) => {
        if (listener === 'first') {
          overlaps += inHand.has(roomId) ? 1 : 0;
          inHand.add(roomId);
          busy.add(inHand.size);
          heard.push(roomId);
          await new Promise((resolve) => setTimeout(resolve, 5));
        } else {
          inHand.delete(roomId);
        }
      },
    };
    const [one, other] = await Promise.all([startRelay(), startRelay()]);
    const roomIds = Array.from({ length: 60 }, (_, index) => `room ${index}`);
    await Promise.all([announce(one, ...roomIds.slice(0, 30)), announce(other, ...roomIds.slice(30))]);
    await eventually(() => isEmpty(one));
    expect([...heard].sort()).toEqual([...roomIds].sort());
    expect(overlaps).toBe(0);
    expect(busy).toContain(2); // both were at work
  });

  it('delivers again what a relay had in hand when it lost its connection', async () => {
    const heard: string[] = [];
    const app = await startRelay();
    ear = {
      hear: async (roomId, listener) => {
        heard.push(`${roomId} ${listener}`);
        if (heard.length === 2) {
          // Between the last listener and the removal of the event.
          await app.get(DataSource).query(
            `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND application_name = 'clawtank outbox'`,
          );
        }
      },
    };
    await announce(app, 'a');
    await eventually(() => heard.length === 4);
    await eventually(() => isEmpty(app));
    expect(heard).toEqual(['a first', 'a second', 'a first', 'a second']);
  });

  it('leaves listeners the whole of a small pool, also to those that need two connections at once', async () => {
    let answer: unknown;
    const app = await startRelay();
    const database = app.get(DataSource);
    ear = {
      hear: (_, listener) =>
        listener === 'second'
          ? undefined
          : database.transaction(async (manager) => {
              await manager.query('SELECT 1');
              answer = await database.query('SELECT 2 AS two');
            }),
    };
    await announce(app, 'a');
    await eventually(() => answer);
    await eventually(() => isEmpty(app));
  });

  it('takes up what was announced while nobody relayed', async () => {
    const heard: string[] = [];
    ear = { hear: (roomId) => void heard.push(roomId) };
    const silent = await startPlatform({ databaseUrl: database.url });
    apps.push(silent);
    await announce(silent, 'before');
    const app = await startRelay([FirstListener]);
    await eventually(() => isEmpty(app));
    expect(heard).toEqual(['before']);
  });

  it('waits, when asked to stop, for the listener at work', async () => {
    let isDone = false;
    let begun!: () => void;
    const started = new Promise<void>((resolve) => (begun = resolve));
    const app = await startRelay([FirstListener]);
    ear = {
      hear: async () => {
        begun();
        await new Promise((resolve) => setTimeout(resolve, 200));
        await app.get(DataSource).query('SELECT 1');
        isDone = true;
      },
    };
    await announce(app, 'a');
    await started;
    await app.close();
    apps = [];
    expect(isDone).toBe(true);
  });
});
