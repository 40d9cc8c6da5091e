import { SystemMetrics } from '@clawtank/contracts';
import { DataSource } from 'typeorm';
import { startTestServer, type TestServer } from '../support/app.js';
import { accepted, eventually, Person, request } from '../support/people.js';

let server: TestServer;
let person: Person;

beforeAll(async () => {
  server = await startTestServer();
  person = await Person.register(server.url);
});

afterAll(() => server.close());

const scrape = async (url: string, headers: Record<string, string> = {}) => {
  const response = await fetch(`${url}/metrics`, { headers });
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
};

/** The value of one series of the scrape. */
const valueOf = (text: string, series: string): number | undefined => {
  const line = text.split('\n').find((each) => each.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
};

describe('Prometheus', () => {
  it('is given the figures of the process in its own format', async () => {
    const { status, type, text } = await scrape(server.url);
    expect(status).toBe(200);
    expect(type).toContain('text/plain');
    for (const name of [
      'clawtank_active_connections',
      'clawtank_messages_per_second',
      'clawtank_rooms',
      'clawtank_response_milliseconds_mean',
      'clawtank_error_ratio',
      'clawtank_heap_used_bytes',
      'clawtank_cpu_cores',
      'clawtank_outbox_backlog',
      'clawtank_outbox_oldest_seconds',
      'clawtank_queue_jobs{state="waiting"}',
      'clawtank_database_connections{state="idle"}',
      'clawtank_connections{kind="spectator"}',
      'nodejs_eventloop_lag_seconds',
    ]) {
      expect([name, valueOf(text, name)]).toEqual([name, expect.any(Number)]);
    }
  });

  it('learns how long requests took by route, never by what was asked for', async () => {
    const room = await person.createRoom();
    await person.request('GET', `/api/rooms/${room.id}`);
    await request(server.url, 'GET', `/api/rooms/${room.id}`).catch(() => undefined);
    await request(server.url, 'GET', '/api/no/such/thing').catch(() => undefined);
    const { text } = await scrape(server.url);
    const count = (labels: string) => valueOf(text, `clawtank_http_request_duration_seconds_count{${labels}}`);
    expect(count('method="GET",route="/api/rooms/:id",status="200"')).toBe(1);
    expect(count('method="GET",route="/api/rooms/:id",status="404"')).toBe(1);
    expect(count('method="GET",route="unmatched",status="404"')).toBe(1);
    expect(text).not.toContain(room.id);
  });

  it('sees domain events that nobody handles', async () => {
    await server.app
      .get(DataSource, { strict: false })
      .query(
        `INSERT INTO outbox (name, data, next_attempt_at) VALUES ('rooms.deleted', '{}', now() + interval '1 hour')`,
      );
    expect(valueOf((await scrape(server.url)).text, 'clawtank_outbox_backlog')).toBeGreaterThanOrEqual(1);
  });

  it('needs the token where there is one, which is nobody’s access token', async () => {
    const guarded = await startTestServer({ env: { METRICS_TOKEN: 'a-token-for-prometheus' } });
    expect((await scrape(guarded.url)).status).toBe(401);
    expect((await scrape(guarded.url, { authorization: 'Bearer a-token-for-somebody-' })).status).toBe(401);
    expect((await scrape(guarded.url, { authorization: 'Bearer a-token-for-prometheus' })).status).toBe(200);
    await guarded.close();
  });

  it('is refused from elsewhere where there is no token', async () => {
    expect((await scrape(server.url, { 'x-forwarded-for': '203.0.113.7' })).status).toBe(403);
  });
});

describe('An administrator', () => {
  const read = (reader: Person) => reader.request<SystemMetrics>('GET', '/api/admin/metrics');

  it('reads how the process is doing', async () => {
    const administrator = await Person.register(server.url);
    await server.app
      .get(DataSource, { strict: false })
      .query(`UPDATE users SET role = 'admin' WHERE id = $1`, [administrator.id]);
    const room = await administrator.createRoom();
    const socket = await administrator.connect();
    await accepted(socket, 'chat_message', { roomId: room.id, message: 'Hello' });

    const metrics = await eventually(async () => {
      const answer = await read(administrator);
      return answer.activeConnections === 1 && answer;
    });
    expect(SystemMetrics.parse(metrics)).toEqual(metrics);
    expect(metrics.roomCount).toBeGreaterThan(0);
    expect(metrics.messageRate).toBeGreaterThan(0);
    expect(metrics.avgResponseTime).toBeGreaterThan(0);
    expect(metrics.memoryUsage).toBeGreaterThan(1_000_000);
    socket.disconnect();
  });

  it('is who may, and nobody else', async () => {
    await expect(read(person)).rejects.toMatchObject({ status: 403 });
    await expect(request(server.url, 'GET', '/api/admin/metrics')).rejects.toMatchObject({ status: 401 });
  });
});
