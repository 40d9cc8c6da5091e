import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { accepted, command, eventually, Person, request, type RoomSocket } from '../support/people.js';
import { freePort } from '../support/free-port.js';
import { describeWithProgram } from '../support/programs.js';
import { describeWithRedis } from '../support/redis.js';
import { ServerProcess } from '../support/server-process.js';

const SECRETS = {
  JWT_SECRET: 'a-test-signing-key-of-no-value-0123456789',
  ENCRYPTION_KEY: '0123456789abcdef'.repeat(4),
};

interface Dashboard {
  readonly panels: readonly { readonly title: string; readonly targets: readonly { readonly expr: string }[] }[];
}
interface QueryAnswer {
  readonly data: { readonly result: readonly { readonly value: readonly [number, string] }[] };
}

const { panels } = JSON.parse(readFileSync('deploy/grafana/dashboards/clawtank.json', 'utf8')) as Dashboard;

describeWithProgram('prometheus', 'the provisioned dashboard', () => {
  it('stands beside a Prometheus configuration and alerts that Prometheus accepts', () => {
    execFileSync('promtool', ['check', 'config', '--syntax-only', 'deploy/prometheus/prometheus.yml']);
    execFileSync('promtool', ['check', 'rules', 'deploy/prometheus/alerts.yml']);
  });

  describeWithRedis('over a server with something to do', (redis) => {
    let database: TestDatabase;
    let servers: ServerProcess[] = [];
    let prometheus: ChildProcess;
    let folder: string;
    let socket: RoomSocket;
    let url: string;

    beforeAll(async () => {
      database = await createTestDatabase();
      const env = { DATABASE_URL: database.url, REDIS_URL: redis.url, REDIS_PREFIX: redis.prefix, ...SECRETS };
      servers = await Promise.all(['api', 'worker'].map((role) => ServerProcess.start({ ...env, ROLE: role })));
      folder = mkdtempSync(join(tmpdir(), 'clawtank-prometheus-'));
      copyFileSync('deploy/prometheus/alerts.yml', join(folder, 'alerts.yml'));
      writeFileSync(
        join(folder, 'prometheus.yml'),
        JSON.stringify({
          global: { scrape_interval: '1s', evaluation_interval: '1s' },
          rule_files: ['alerts.yml'],
          scrape_configs: [
            {
              job_name: 'clawtank',
              static_configs: servers.map((server, index) => ({
                targets: [new URL(server.url).host],
                labels: { role: index === 0 ? 'api' : 'worker' },
              })),
            },
          ],
        }),
      );
      const port = await freePort();
      url = `http://127.0.0.1:${port}`;
      prometheus = spawn(
        'prometheus',
        [
          `--config.file=${join(folder, 'prometheus.yml')}`,
          `--storage.tsdb.path=${join(folder, 'data')}`,
          `--web.listen-address=127.0.0.1:${port}`,
        ],
        { stdio: 'ignore' },
      );
      await eventually(() =>
        fetch(`${url}/-/ready`).then(
          ({ ok }) => ok,
          () => false,
        ),
      );
    }, 90_000);

    afterAll(async () => {
      socket.close();
      prometheus.kill('SIGTERM');
      await once(prometheus, 'exit');
      await Promise.all(servers.map((server) => server.stop()));
      servers.forEach((server) => server.removeData());
      rmSync(folder, { recursive: true, force: true });
      await database.drop();
    }, 60_000);

    it('has data in every panel', async () => {
      const ann = await Person.register(servers[0]!.url);
      const room = await ann.createRoom();
      socket = await ann.connect();
      await accepted(socket, 'join_room', { roomId: room.id });
      const empty: string[] = [];
      for (const { title, targets } of panels) {
        for (const { expr } of targets) {
          const found = await eventually(async () => {
            await accepted(socket, 'chat_message', { roomId: room.id, message: title });
            await command(socket, 'leave_room', { roomId: 'nowhere' });
            const { data } = await request<QueryAnswer>(url, 'GET', `/api/v1/query?query=${encodeURIComponent(expr)}`);
            return data.result.some(({ value: [, value] }) => Number.isFinite(Number(value)));
          }, 20_000).catch(() => false);
          if (!found) {
            empty.push(`${title}: ${expr}`);
          }
        }
      }
      expect(empty).toEqual([]);
    }, 120_000);

    it('comes with alerts that are quiet while all is well', async () => {
      const { data } = await request<{
        data: { groups: { rules: { name: string; state: string; health: string }[] }[] };
      }>(url, 'GET', '/api/v1/rules');
      const rules = data.groups.flatMap((group) => group.rules);
      expect(rules.length).toBeGreaterThanOrEqual(7);
      expect(rules.filter(({ state, health }) => state === 'firing' || health === 'err')).toEqual([]);
    });
  });
});
