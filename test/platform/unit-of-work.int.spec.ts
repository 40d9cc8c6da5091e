import { randomUUID } from 'node:crypto';
import type { INestApplicationContext } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { migrate } from '../../apps/api/src/platform/database/migrate.js';
import { UnitOfWork, type OnceKey } from '../../apps/api/src/platform/database/unit-of-work.js';
import { Refusal } from '../../apps/api/src/platform/errors/refusal.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { startPlatform } from './support/platform-app.js';

let database: TestDatabase;
let app: INestApplicationContext;
let unitOfWork: UnitOfWork;
let dataSource: DataSource;

beforeAll(async () => {
  database = await createTestDatabase();
  await migrate(database.url);
  app = await startPlatform({ databaseUrl: database.url, env: { DATABASE_POOL_SIZE: '2' } });
  unitOfWork = app.get(UnitOfWork);
  dataSource = app.get(DataSource);
  await dataSource.query('CREATE TABLE notes (text text NOT NULL)');
});
afterEach(() => dataSource.query('TRUNCATE notes, outbox, command_receipts'));
afterAll(async () => {
  await app.close();
  await database.drop();
});

const note =
  (text: string) =>
  ({ manager }: { manager: { query(sql: string, values: unknown[]): Promise<unknown> } }) =>
    manager.query('INSERT INTO notes VALUES ($1)', [text]);
const notes = async () =>
  (await dataSource.query<{ text: string }[]>('SELECT text FROM notes')).map(({ text }) => text);
const announced = () =>
  dataSource.query<{ name: string; data: unknown }[]>('SELECT name, data FROM outbox ORDER BY id');
const receipts = () => dataSource.query<unknown[]>('SELECT * FROM command_receipts');

describe('a unit of work', () => {
  it('stores what it announces beside its changes, in order', async () => {
    const roomId = randomUUID();
    await unitOfWork.run(async (work) => {
      await note('kept')(work);
      work.announce({ name: 'rooms.created', data: { roomId, createdBy: 'somebody' } });
      work.announce({ name: 'rooms.deleted', data: { roomId } });
    });
    expect(await notes()).toEqual(['kept']);
    expect(await announced()).toEqual([
      { name: 'rooms.created', data: { roomId, createdBy: 'somebody' } },
      { name: 'rooms.deleted', data: { roomId } },
    ]);
  });

  it('announces and does nothing of what it took back', async () => {
    let actions = 0;
    const failing = unitOfWork.run(async (work) => {
      await note('lost')(work);
      work.announce({ name: 'rooms.deleted', data: { roomId: randomUUID() } });
      work.afterCommit(() => actions++);
      throw new Error('changed its mind');
    });
    await expect(failing).rejects.toThrow('changed its mind');
    expect([await notes(), await announced(), actions]).toEqual([[], [], 0]);
  });

  it('acts after the commit in the order asked, and has succeeded even if that goes wrong', async () => {
    const seen: string[] = [];
    const answer = await unitOfWork.run(async (work) => {
      work.afterCommit(() => seen.push('first'));
      work.afterCommit(() => {
        throw new Error('nobody listens');
      });
      work.afterCommit(() => seen.push('last'));
      await note('kept')(work);
      return 'done';
    });
    expect([answer, seen, await notes()]).toEqual(['done', ['first', 'last'], ['kept']]);
  });
});

describe('a command that is sent again', () => {
  const aCommand = (request: unknown = { text: 'hello' }): OnceKey => ({
    actorId: randomUUID(),
    commandId: randomUUID(),
    name: 'write_note',
    request,
  });

  it('runs once and gives one answer, however many repeats race', async () => {
    const key = aCommand();
    let runs = 0;
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        unitOfWork.runOnce(key, async (work) => {
          runs++;
          await note('once')(work);
          return { noteId: randomUUID() };
        }),
      ),
    );
    expect(runs).toBe(1);
    expect(await notes()).toEqual(['once']);
    expect(new Set(answers.map(({ noteId }) => noteId)).size).toBe(1);
  });

  it('is answered as the first time, long after', async () => {
    const key = aCommand();
    const first = await unitOfWork.runOnce(key, () => Promise.resolve({ list: [1, { two: null }], text: 'ä' }));
    const repeat = await unitOfWork.runOnce(key, () => Promise.reject(new Error('ran twice')));
    expect(repeat).toEqual(first);
  });

  it('is answered by what its reply named, as that stands by then, if only the name is to be kept', async () => {
    const key = aCommand();
    const texts = new Map([['a', 'as it was']]);
    const kept = {
      name: ({ id }: { id: string }) => ({ id }),
      read: (_: unknown, name: unknown) => {
        const { id } = name as { id: string };
        return Promise.resolve({ id, text: texts.get(id) ?? '' });
      },
    };
    const first = await unitOfWork.runOnce(key, () => Promise.resolve({ id: 'a', text: 'as it was' }), kept);
    expect(first).toEqual({ id: 'a', text: 'as it was' });
    texts.set('a', 'as it is');
    const repeat = await unitOfWork.runOnce(key, () => Promise.reject(new Error('ran twice')), kept);
    expect(repeat).toEqual({ id: 'a', text: 'as it is' });
    expect(JSON.stringify(await receipts())).not.toContain('as it was');
  });

  it('is refused under an id that was used for another request, or for another command', async () => {
    const key = aCommand();
    await unitOfWork.runOnce(key, note('first'));
    for (const other of [{ request: { text: 'bye' } }, { name: 'erase_note' }]) {
      await expect(unitOfWork.runOnce({ ...key, ...other }, note('second'))).rejects.toMatchObject({
        code: 'command_id_reused',
      });
    }
    expect(await notes()).toEqual(['first']);
  });

  it('is somebody else’s business under the same id from somebody else', async () => {
    const key = aCommand();
    await unitOfWork.runOnce(key, note('mine'));
    await unitOfWork.runOnce({ ...key, actorId: randomUUID() }, note('theirs'));
    expect(await notes()).toEqual(['mine', 'theirs']);
  });

  it('may be sent anew after a refusal, which leaves no receipt', async () => {
    const key = aCommand();
    const refused = unitOfWork.runOnce(key, async (work) => {
      await note('refused')(work);
      throw new Refusal('forbidden', 'Not now');
    });
    await expect(refused).rejects.toThrow('Not now');
    expect([await receipts(), await notes()]).toEqual([[], []]);
    await unitOfWork.runOnce(key, note('allowed'));
    expect(await notes()).toEqual(['allowed']);
  });

  it('is run by the next of its repeats when the first is taken back', async () => {
    const key = aCommand();
    let runs = 0;
    const results = await Promise.allSettled(
      Array.from({ length: 5 }, () =>
        unitOfWork.runOnce(key, async (work) => {
          runs++;
          if (runs === 1) {
            throw new Error('the first one fails');
          }
          await note('second')(work);
        }),
      ),
    );
    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(1);
    expect([runs, await notes()]).toEqual([2, ['second']]);
  });

  it('without an id simply runs', async () => {
    const key = { ...aCommand(), commandId: undefined };
    await unitOfWork.runOnce(key, note('one'));
    await unitOfWork.runOnce(key, note('two'));
    expect([await notes(), await receipts()]).toEqual([['one', 'two'], []]);
  });
});
