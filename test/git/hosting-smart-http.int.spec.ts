import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { connect, createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { listRefs, pusherOf, resolveCommit } from '../../apps/api/src/git/hosting/refs.js';
import type { HostedRepositories } from '../../apps/api/src/git/hosting/repository-store.js';
import type { Repository } from '../../apps/api/src/git/hosting/repository.js';
import {
  ADA,
  aFolder,
  aRepository,
  client,
  clientEnvironment,
  commitTo,
  eventually,
  fileAt,
  MAIN,
  MAX_PUSH_BYTES,
  openHosting,
  refusedClient,
  serve,
  type TestHost,
} from './hosting.support.js';

/** A way to the server on which everything after so many bytes gets stuck. */
async function stallAfter(bytes: number, port: number): Promise<{ port: number; close: () => void }> {
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    let passed = 0;
    near.on('data', (chunk) => {
      passed += chunk.length;
      if (passed < bytes) {
        far.write(chunk);
      }
    });
    far.pipe(near);
    near.on('error', () => undefined).on('close', () => far.destroy());
    far.on('error', () => undefined).on('close', () => near.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}

describe('git over HTTP', () => {
  let folder: Awaited<ReturnType<typeof aFolder>>;
  let repositories: HostedRepositories;
  let repository: Repository;
  let host: TestHost;
  let work: string;

  beforeEach(async () => {
    folder = await aFolder();
    repositories = await openHosting(join(folder.path, 'repositories'));
    repository = await aRepository(repositories);
    host = await serve(repositories);
    await client(folder.path, 'clone', '--quiet', host.url(repository), 'work');
    work = join(folder.path, 'work');
  });
  afterEach(async () => {
    await host.close();
    await folder.remove();
  });

  const commit = async (files: Record<string, string | Buffer>): Promise<string> => {
    for (const [path, content] of Object.entries(files)) {
      await writeFile(join(work, path), content);
    }
    await client(work, 'add', '--all');
    await client(work, 'commit', '--quiet', '--message', 'Work');
    return (await client(work, 'rev-parse', 'HEAD')).stdout.trim();
  };

  const post = (path: string, body: Buffer, headers: Record<string, string>) =>
    new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: Buffer }>((resolve, reject) => {
      const call = request(
        { port: host.port, path: `/${repository.roomId}.git${path}`, method: 'POST', headers },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
          );
        },
      );
      call.on('error', reject);
      call.end(body);
    });

  it.each(['0', '1', '2'])('clones and fetches with version %s of the protocol', async (version) => {
    await commitTo(repository, 'refs/heads/topic', { files: { 'a.txt': 'one\n' } });
    await client(folder.path, '-c', `protocol.version=${version}`, 'clone', '--quiet', host.url(repository), 'copy');
    const copy = join(folder.path, 'copy');
    const head = await commitTo(repository, 'refs/heads/topic', { files: { 'a.txt': 'two\n' } });

    await client(copy, '-c', `protocol.version=${version}`, 'fetch', '--quiet', 'origin', 'topic');

    expect((await client(copy, 'rev-parse', 'FETCH_HEAD')).stdout.trim()).toBe(head);
    expect(await readFile(join(copy, 'README.md'), 'utf8')).toBe('# Tank\n');
  });

  it('takes a branch of five megabytes', async () => {
    const content = randomBytes(5 * 1024 * 1024);
    const sha = await commit({ 'large.bin': content });

    await client(work, 'push', '--quiet', 'origin', 'HEAD:refs/heads/large');

    expect(await resolveCommit(repository, 'refs/heads/large')).toBe(sha);
    const { stdout } = await repository.run(['cat-file', 'blob', `${sha}:large.bin`]);
    expect(stdout.equals(content)).toBe(true);
  });

  it('refuses a pack over the limit in words, and keeps nothing of it', async () => {
    await commit({ 'huge.bin': randomBytes(MAX_PUSH_BYTES + 1024) });

    const said = await refusedClient(work, 'push', 'origin', 'HEAD:refs/heads/huge');

    expect(said).toContain('maximum allowed size');
    expect(await resolveCommit(repository, 'refs/heads/huge')).toBeNull();
  });

  it('refuses the protected branch in words and takes the other branch of the same push', async () => {
    const main = await resolveCommit(repository, MAIN);
    const sha = await commit({ 'a.txt': 'a\n' });

    const said = await refusedClient(work, 'push', 'origin', 'HEAD:main', 'HEAD:refs/heads/topic', 'HEAD:refs/tags/v1');

    expect(said).toContain('remote: Merge in the room.');
    expect(await listRefs(repository)).toEqual(
      new Map([
        [MAIN, main],
        ['refs/heads/topic', sha],
        ['refs/tags/v1', sha],
      ]),
    );
  });

  it.each([
    ['forced', ['--force', 'origin', 'HEAD:main']],
    ['in other letters', ['origin', 'HEAD:refs/heads/MAIN']],
  ])('refuses a push to the protected branch that is %s', async (_how, args) => {
    const main = await resolveCommit(repository, MAIN);
    await commit({ 'a.txt': 'a\n' });

    const said = await refusedClient(work, 'push', ...args);

    expect(said).toContain('remote: Merge in the room.');
    expect(await listRefs(repository)).toEqual(new Map([[MAIN, main]]));
  });

  it('refuses to delete the protected branch', async () => {
    const main = await resolveCommit(repository, MAIN);

    const said = await refusedClient(work, 'push', 'origin', ':main');

    expect(said).toContain('refusing to delete the current branch');
    expect(await listRefs(repository)).toEqual(new Map([[MAIN, main]]));
  });

  it.each(['refs/pull/1/head', 'refs/notes/commits', 'refs/replace/x', 'refs/clawtank/x', 'refs/heads/-x'])(
    'refuses to make %s',
    async (ref) => {
      await commit({ 'a.txt': 'a\n' });

      await refusedClient(work, 'push', 'origin', `HEAD:${ref}`);

      expect(await resolveCommit(repository, ref)).toBeNull();
    },
  );

  it('lets members rewrite and delete their branches', async () => {
    await commit({ 'a.txt': 'a\n' });
    await client(work, 'push', '--quiet', 'origin', 'HEAD:refs/heads/topic');
    await client(work, 'commit', '--quiet', '--amend', '--message', 'Better');
    await client(work, 'push', '--quiet', '--force', 'origin', 'HEAD:refs/heads/topic');
    const amended = (await client(work, 'rev-parse', 'HEAD')).stdout.trim();
    expect(await resolveCommit(repository, 'refs/heads/topic')).toBe(amended);

    await client(work, 'push', '--quiet', 'origin', ':topic');

    expect(await resolveCommit(repository, 'refs/heads/topic')).toBeNull();
  });

  it('takes no push at all once its guard is missing', async () => {
    await commit({ 'a.txt': 'a\n' });
    await rm(join(repositories.guard.hooksPath, 'update'));

    await refusedClient(work, 'push', 'origin', 'HEAD:refs/heads/topic');

    expect(await resolveCommit(repository, 'refs/heads/topic')).toBeNull();
  });

  it('refuses objects that are not well formed', async () => {
    await client(work, 'config', 'core.protectNTFS', 'false');
    const blob = (await client(work, 'hash-object', '-w', 'README.md')).stdout.trim();
    await client(work, 'update-index', '--add', '--cacheinfo', `100644,${blob},.GIT/config`).catch(() => undefined);
    const raw = Buffer.concat([Buffer.from('100644 .git\0'), Buffer.from(blob, 'hex')]);
    await writeFile(join(folder.path, 'tree'), raw);
    const tree = (await client(work, 'hash-object', '-w', '-t', 'tree', '--literally', '../tree')).stdout.trim();
    const sha = (await client(work, 'commit-tree', '-p', 'HEAD', '-m', 'Trap', tree)).stdout.trim();

    const said = await refusedClient(work, 'push', 'origin', `${sha}:refs/heads/trap`);

    expect(said).toContain('hasDotgit');
    expect(await resolveCommit(repository, 'refs/heads/trap')).toBeNull();
  });

  it('remembers who pushed, without a database', async () => {
    const sha = await commit({ 'a.txt': 'a\n' });
    await client(work, 'tag', '--annotate', '--message', 'One', 'v1');
    await client(work, 'push', '--quiet', 'origin', 'HEAD:refs/heads/topic', 'v1');
    const refs = await listRefs(repository);

    expect(await pusherOf(repository, 'refs/heads/topic', sha)).toEqual(ADA);
    expect(await pusherOf(repository, 'refs/tags/v1', refs.get('refs/tags/v1') ?? '')).toEqual(ADA);
    expect(await pusherOf(repository, MAIN, refs.get(MAIN) ?? '')).toBeNull();
    expect(await pusherOf(repository, 'refs/heads/none', sha)).toBeNull();
    expect(await pusherOf(repository, 'refs/../../HEAD', sha)).toBeNull();
  });

  it('lets the pusher go only after the push has been recorded', async () => {
    await commit({ 'a.txt': 'a\n' });
    let record = (): void => undefined;
    const recorded = new Promise<void>((resolve) => (record = resolve));
    let isSettling = false;
    host.settle = async () => {
      isSettling = true;
      await recorded;
    };
    let hasReturned = false;
    const push = client(work, 'push', '--quiet', 'origin', 'HEAD:refs/heads/topic').then(() => (hasReturned = true));

    await eventually(() => isSettling);
    expect(await resolveCommit(repository, 'refs/heads/topic')).not.toBeNull();
    expect(hasReturned).toBe(false);
    record();
    await push;

    expect(host.outcomes.at(-1)).toEqual({ outcome: 'completed' });
  });

  it('leaves nothing behind when the client is killed in the middle of a push', async () => {
    await commit({ 'large.bin': randomBytes(6 * 1024 * 1024) });
    const before = await listRefs(repository);
    const halfWay = await stallAfter(2 * 1024 * 1024, host.port);
    const url = host.url(repository).replace(String(host.port), String(halfWay.port));
    const pushing = spawn('git', ['push', url, 'HEAD:refs/heads/large'], {
      cwd: work,
      env: clientEnvironment(work),
      detached: true,
      stdio: 'ignore',
    });
    const received = async (): Promise<string[]> =>
      (await readdir(join(repository.path, 'objects'))).filter((name) => name.startsWith('tmp_objdir'));
    await eventually(async () => (await received()).length > 0);

    process.kill(-(pushing.pid ?? 0), 'SIGKILL');
    await eventually(() => host.outcomes.at(-1)?.outcome === 'client_gone');

    expect(await listRefs(repository)).toEqual(before);
    expect(await received()).toEqual([]);
    await repository.run(['fsck', '--strict']);
    await client(work, 'push', '--quiet', 'origin', 'HEAD:refs/heads/large');
    halfWay.close();
  });

  it('ends a push whose client goes away before it has sent everything', async () => {
    const { arrived } = host;
    const half = request({
      port: host.port,
      path: `/${repository.roomId}.git/git-receive-pack`,
      method: 'POST',
      headers: { 'content-type': 'application/x-git-receive-pack-request', 'content-length': '100000' },
    });
    half.on('error', () => undefined);
    half.write(`006c${'0'.repeat(40)} ${'1'.repeat(40)} refs/heads/half\0report-status`);
    await eventually(() => host.arrived > arrived);
    half.destroy();

    await eventually(() => host.outcomes.at(-1)?.outcome === 'client_gone');

    expect(await resolveCommit(repository, 'refs/heads/half')).toBeNull();
  });

  it('reads a body that is compressed, and refuses one that only claims to be', async () => {
    const main = (await resolveCommit(repository, MAIN)) ?? '';
    const body = Buffer.from(`0032want ${main}\n00000009done\n`);
    const type = { 'content-type': 'application/x-git-upload-pack-request' };

    const plain = await post('/git-upload-pack', body, type);
    const zipped = await post('/git-upload-pack', gzipSync(body), { ...type, 'content-encoding': 'gzip' });
    const broken = await post('/git-upload-pack', body, { ...type, 'content-encoding': 'gzip' });
    const unread = await post('/git-upload-pack', body, { 'content-type': 'text/plain', 'content-encoding': 'gzip' });
    const unknown = await post('/git-upload-pack', body, { ...type, 'content-encoding': 'br' });

    expect(plain.body.includes('PACK')).toBe(true);
    expect(zipped.body.equals(plain.body)).toBe(true);
    expect(broken.status).toBe(400);
    expect(unread.status).toBe(415);
    expect(unknown.status).toBe(415);
  });

  it('measures a compressed body by what it holds', async () => {
    const bomb = gzipSync(Buffer.alloc(2 * 1024 * 1024));

    const { status } = await post('/git-upload-pack', bomb, {
      'content-type': 'application/x-git-upload-pack-request',
      'content-encoding': 'gzip',
    });

    expect(status).toBe(413);
  });

  it('refuses a body that is too large, and one of another kind', async () => {
    const type = 'application/x-git-upload-pack-request';
    const large = await post('/git-upload-pack', Buffer.alloc(2 * 1024 * 1024), { 'content-type': type });
    const form = await post('/git-receive-pack', Buffer.from('0000'), { 'content-type': 'text/plain' });

    expect(large.status).toBe(413);
    expect(form.status).toBe(415);
  });

  it('says that nothing may be cached, and what it sends', async () => {
    const advertised = await fetch(`${host.url(repository)}/info/refs?service=git-upload-pack`);
    const exchanged = await post('/git-receive-pack', Buffer.from('0000'), {
      'content-type': 'application/x-git-receive-pack-request',
    });

    expect(advertised.headers.get('content-type')).toBe('application/x-git-upload-pack-advertisement');
    expect(advertised.headers.get('cache-control')).toBe('no-cache, max-age=0, must-revalidate');
    expect((await advertised.text()).startsWith('001e# service=git-upload-pack\n0000')).toBe(true);
    const version2 = await fetch(`${host.url(repository)}/info/refs?service=git-upload-pack`, {
      headers: { 'git-protocol': 'version=2' },
    });
    expect((await version2.text()).startsWith('000eversion 2\n')).toBe(true);
    expect(exchanged.headers['cache-control']).toBe('no-cache, max-age=0, must-revalidate');
  });

  it('frees a branch that a killed process left locked', async () => {
    const sha = await commit({ 'a.txt': 'a\n' });
    await mkdir(join(repository.path, 'refs/heads/deep'), { recursive: true });
    const lock = join(repository.path, 'refs/heads/deep/topic.lock');
    await writeFile(lock, '');
    const longAgo = new Date(Date.now() - 3_600_000);
    await utimes(lock, longAgo, longAgo);

    await client(work, 'push', '--quiet', 'origin', 'HEAD:refs/heads/deep/topic');

    expect(await resolveCommit(repository, 'refs/heads/deep/topic')).toBe(sha);
    expect(await fileAt(repository, 'refs/heads/deep/topic', 'a.txt')).toBe('a\n');
  });
});
