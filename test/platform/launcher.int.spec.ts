import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';

let checkout: string;
let running: ChildProcess[];

beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'clawtank-checkout-'));
  running = [];
  cpSync('scripts', join(checkout, 'scripts'), { recursive: true });
  write('package.json', JSON.stringify({ type: 'module', optionalDependencies: {} }));
  write('package-lock.json', JSON.stringify({ packages: { '': {}, 'node_modules/left-pad': { version: '1.3.0' } } }));
  write('nest-cli.json', '{}');
  write('angular.json', '{}');
  write('tsconfig.base.json', '{}');
  write('migrations/index.ts', '');
  write('libs/contracts/src/index.ts', '');
  write('apps/api/src/main.ts', SERVER);
  write('apps/web/src/main.ts', '');
  write('tools/npm', `#!/bin/sh\n${NPM}`, 0o755);
});

afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  rmSync(checkout, { recursive: true, force: true });
});

describe('npm start', () => {
  it('installs and builds everything in a fresh clone, and nothing the second time', async () => {
    expect(await start()).toMatchObject({ code: 0, steps: ['install', 'build api', 'build web'] });
    expect(await start()).toMatchObject({ code: 0, steps: [], output: 'serving\n' });
  });

  it('says in one line what each step was and how long it took', async () => {
    const { output } = await start();
    expect(output).toMatch(
      /^Installing dependencies … \d+\.\d s\nBuilding the API … \d+\.\d s\nBuilding the web client … \d+\.\d s\nserving\n$/,
    );
  });

  it('installs again when the lock file has changed', async () => {
    await start();
    write('package-lock.json', JSON.stringify({ packages: { '': {}, 'node_modules/left-pad': { version: '1.3.1' } } }));
    expect((await start()).steps).toContain('install');
  });

  it('leaves alone what somebody installed by hand', async () => {
    write(
      'node_modules/.package-lock.json',
      JSON.stringify({ packages: { 'node_modules/left-pad': { version: '1.3.0' } } }),
    );
    write('node_modules/@nestjs/cli/bin/nest.js', BUILD_API);
    write('node_modules/@angular/cli/bin/ng.js', BUILD_WEB);
    expect((await start()).steps).toEqual(['build api', 'build web']);
  });

  it.each([
    ['apps/api/src/main.ts', ['build api']],
    ['migrations/index.ts', ['build api']],
    ['apps/web/src/main.ts', ['build web']],
    ['libs/contracts/src/index.ts', ['build api', 'build web']],
    ['apps/api/src/main.spec.ts', []],
    ['apps/web/src/main.spec.ts', []],
  ])('after a change of %s builds only what depends on it', async (file, steps) => {
    await start();
    append(file, '// changed\n');
    expect((await start()).steps).toEqual(steps);
  });

  it('shows what a failing step printed and ends with its code, and tries that step again next time', async () => {
    await start();
    append('apps/api/src/main.ts', '// broken\n');
    expect(await start()).toMatchObject({ code: 9, errors: 'main.ts does not compile\n' });
    expect(await start()).toMatchObject({ code: 9 });
  });

  it('ends with the code the server ends with', async () => {
    expect(await start(['exit', '78'])).toMatchObject({ code: 78 });
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'hands %s to the server once, however often it comes',
    async (signal) => {
      const launcher = await startServing();
      launcher.kill(signal);
      const [first] = (await once(launcher.stdout!, 'data')) as [Buffer];
      launcher.kill(signal);
      const output = `${first.toString()}${await text(launcher.stdout!)}`;
      expect(output).toBe(`${signal}\nstopped\n`);
    },
  );

  it('does not leave the server behind when it is killed itself', async () => {
    const launcher = await startServing();
    const output = text(launcher.stdout!);
    launcher.kill('SIGKILL');
    expect(await output).toBe('launcher gone\nstopped\n');
  });
});

/** What the launcher runs in place of npm and the two builders: each notes in a file that it was called. */
const NOTE = (step: string) => `(await import('node:fs')).appendFileSync('steps', '${step}\\n');`;
const BUILD_API = `
  import { cpSync, readFileSync } from 'node:fs';
  if (readFileSync('apps/api/src/main.ts', 'utf8').includes('// broken')) {
    console.error('main.ts does not compile');
    process.exit(9);
  }
  cpSync('apps/api/src/main.ts', 'dist/api/apps/api/src/main.js');
  ${NOTE('build api')}`;
const BUILD_WEB = `
  import { cpSync } from 'node:fs';
  cpSync('apps/web/src/main.ts', 'dist/web/browser/index.html');
  ${NOTE('build web')}`;
const NPM = `
  echo install >> steps
  mkdir -p node_modules/@nestjs/cli/bin node_modules/@angular/cli/bin
  cp package-lock.json node_modules/.package-lock.json
  cat > node_modules/@nestjs/cli/bin/nest.js <<'END'
${BUILD_API}
END
  cat > node_modules/@angular/cli/bin/ng.js <<'END'
${BUILD_WEB}
END
`;

/** Ends at once, or with a given code, or serves until it is told to stop. */
const SERVER = `
  const [task, code] = process.argv.slice(2);
  if (task === 'exit') process.exit(Number(code));
  if (task === 'serve') {
    const stop = (why) => {
      console.log(why);
      setTimeout(() => {
        console.log('stopped');
        process.exit();
      }, 100);
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop(signal));
    process.on('disconnect', () => stop('launcher gone'));
  }
  console.log('serving');
`;

interface Outcome {
  readonly code: number;
  readonly steps: string[];
  readonly output: string;
  readonly errors: string;
}

async function start(args: string[] = []): Promise<Outcome> {
  const notes = join(checkout, 'steps');
  rmSync(notes, { force: true });
  const launcher = run(args);
  const [output, errors, [code]] = await Promise.all([
    text(launcher.stdout!),
    text(launcher.stderr!),
    once(launcher, 'exit') as Promise<[number]>,
  ]);
  const steps = existsSync(notes) ? readFileSync(notes, 'utf8').trim().split('\n') : [];
  return { code, steps, output, errors };
}

async function startServing(): Promise<ChildProcess> {
  await start();
  const launcher = run(['serve']);
  await once(launcher.stdout!, 'data');
  return launcher;
}

function run(args: string[]): ChildProcess {
  const child = spawn(process.execPath, ['scripts/start.mjs', ...args], {
    cwd: checkout,
    env: { PATH: `${join(checkout, 'tools')}:${process.env['PATH']}` },
  });
  running.push(child);
  return child;
}

function write(file: string, content: string, mode?: number): void {
  const path = join(checkout, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content, { mode });
}

function append(file: string, content: string): void {
  appendFileSync(join(checkout, file), content);
}
