import { startTestServer, type TestServer } from '../support/app.js';
import { eventually, Person } from '../support/people.js';

const GUESTS = 12;
const ROOMS = 8;

describe('a server with the smallest pool of database connections', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ env: { DATABASE_POOL_SIZE: '2' } });
  });
  afterAll(() => server.close());

  // Who holds a room and then asked for a second connection would wait for those who wait for the room.
  it('takes in a crowd for rooms that were just made, without anybody waiting for ever', async () => {
    const host = await Person.register(server.url);
    const guests: Person[] = [];
    for (let index = 0; index < GUESTS; index++) {
      guests.push(await Person.register(server.url));
    }
    const rooms = await Promise.all(
      Array.from({ length: ROOMS }, async () => {
        const room = await host.createRoom({ visibility: 'public' });
        await Promise.all(guests.map((guest) => guest.request('POST', `/api/rooms/${room.id}/join`, {})));
        return room;
      }),
    );
    for (const { id } of rooms) {
      await eventually(async () => {
        const room = await host.request<{ repository: unknown; members: unknown[] }>('GET', `/api/rooms/${id}`);
        return room.repository !== null && room.members.length === GUESTS + 1;
      });
    }
  }, 45_000);
});
