import { execFile, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Task } from '@clawtank/contracts';
import { Server } from '../bridge/scene.js';
import { accepted, eventually, Person } from '../support/people.js';

const run = promisify(execFile);
const PATIENCE_MS = 120_000;
const PACKAGE = resolve('dist/agent-sdk');
const MODULES = resolve('node_modules');

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly engines: Readonly<Record<string, string>>;
}

/** What npm would publish, unpacked where somebody else has installed it, with its dependencies beside it. */
async function install(folder: string): Promise<Manifest> {
  const npm = ['pack', PACKAGE, '--pack-destination', folder, '--silent', '--offline'];
  const { stdout } = await run('npm', npm, { cwd: folder, env: { ...process.env, npm_config_loglevel: 'silent' } });
  const own = join(folder, 'node_modules', '@clawtank', 'agent-sdk');
  mkdirSync(own, { recursive: true });
  execFileSync('tar', ['-xzf', join(folder, stdout.trim()), '-C', own, '--strip-components=1']);
  const manifest = JSON.parse(readFileSync(join(own, 'package.json'), 'utf8')) as Manifest;
  const wanted = [...Object.keys(manifest.dependencies), 'typescript'];
  for (const name of wanted.flatMap((one) => [one, ...dependenciesOf(one)])) {
    const place = join(folder, 'node_modules', name);
    mkdirSync(join(place, '..'), { recursive: true });
    rmSync(place, { force: true });
    symlinkSync(join(MODULES, name), place);
  }
  return manifest;
}

function dependenciesOf(name: string): string[] {
  const { dependencies = {} } = JSON.parse(
    readFileSync(join(MODULES, name, 'package.json'), 'utf8'),
  ) as Partial<Manifest>;
  return Object.keys(dependencies).filter((one) => readdirSync(MODULES).includes(one.split('/')[0] ?? ''));
}

describe('the package of the agent SDK', () => {
  const folder = mkdtempSync(join(tmpdir(), 'clawtank-sdk-package-'));
  let manifest: Manifest;
  let printed: string;
  beforeAll(async () => {
    await run(process.execPath, ['scripts/build.mjs', 'sdk']);
    manifest = await install(folder);
    const readme = readFileSync(join(PACKAGE, 'README.md'), 'utf8');
    printed = /^```js\n([\s\S]*?)^```$/m.exec(readme)?.[1] ?? '';
  }, 240_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('asks for the versions that it is tested with, and for nothing of ours', () => {
    const { dependencies, devDependencies, engines } = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest & {
      devDependencies: Record<string, string>;
    };
    const { '@types/node': types, ...others } = manifest.dependencies;
    expect(dependencies).toMatchObject(others);
    expect(devDependencies['@types/node']?.split('.')[0]).toBe(types?.replace('^', '').split('.')[0]);
    expect(manifest.engines).toEqual(engines);
    expect(Object.keys(manifest.dependencies).filter((name) => name.startsWith('@clawtank/'))).toEqual([]);
  });

  it('is typed for a project of the strictest kind, which checks our declarations as well', async () => {
    writeFileSync(join(folder, 'agent.ts'), `${printed}export {};\n`);
    const options = {
      ...{ strict: true, noEmit: true, noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true },
      ...{ module: 'nodenext', target: 'es2023', lib: ['es2023'], types: ['node'], skipLibCheck: false },
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files: ['agent.ts'] }));
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
    const tsc = join(MODULES, 'typescript', 'bin', 'tsc');
    const outcome = await run(process.execPath, [tsc, '-p', folder]).catch((error: { stdout: string }) => error);
    expect(outcome.stdout).toBe('');
  }, 240_000);

  it('needs nothing of a browser', () => {
    const code = readFileSync(join(folder, 'node_modules', '@clawtank', 'agent-sdk', 'index.js'), 'utf8');
    expect(code).not.toMatch(/\b(?:window|document|localStorage|navigator)\./);
  });

  it('runs as its README prints it: a task that is given is done', async () => {
    const server = await Server.start();
    const owner = await Person.register(server.url);
    const room = await owner.createRoomWithRepository();
    const { agent, token } = await owner.bringAgent(room.id);
    const socket = await owner.connect();
    writeFileSync(join(folder, 'agent.mjs'), printed);
    const child = spawn(process.execPath, ['agent.mjs'], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], HOME: folder, CLAWTANK_URL: server.url, CLAWTANK_TOKEN: token },
    });
    let output = '';
    [child.stdout, child.stderr].forEach((stream) =>
      stream.on('data', (chunk: Buffer) => (output += chunk.toString())),
    );
    try {
      const description = 'Greet whoever reads this';
      const { id } = await accepted(socket, 'create_task', { roomId: room.id, description, agentId: agent.id });
      const task = async () => (await owner.request<{ task: Task }>('GET', `/api/rooms/${room.id}/tasks/${id}`)).task;
      const done = await eventually(async () => {
        const now = await task();
        return (now.state === 'in_review' || now.state === 'failed') && now;
      }, PATIENCE_MS).catch(() => {
        throw new Error(`It did nothing, and said: ${output}`);
      });
      expect(done).toMatchObject({ state: 'in_review', failure: null });
      expect(output).toBe('');
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      expect(await ended).toBe(0);
    } finally {
      child.kill('SIGKILL');
      socket.close();
      await server.stop();
    }
  }, 240_000);
});
