import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Git, GitFailed } from './git.js';

let heard: (string | undefined)[];
let leases: (string | string[] | undefined)[];
/** What the server asks of those who show nothing. */
let demand: string | null;
/** What the server does instead of answering. */
let instead: ((response: ServerResponse) => void) | null;
let server: Server;
let other: Server;

beforeEach(async () => {
  heard = [];
  leases = [];
  demand = null;
  instead = null;
  [server, other] = await Promise.all([listen(), listen()]);
});
afterEach(() => {
  server.close();
  other.close();
});

async function listen(): Promise<Server> {
  const listening = createServer((request, response) => {
    heard.push(request.headers.authorization);
    leases.push(request.headers['clawtank-lease']);
    const away = request.url?.startsWith('/away.git') && `http://127.0.0.1:${portOf(other)}/elsewhere.git/info/refs`;
    if (instead) {
      instead(response);
      return;
    }
    if (demand !== null) {
      response.writeHead(401, { 'www-authenticate': demand }).end();
      return;
    }
    response.writeHead(away ? 302 : 404, away ? { location: away } : {}).end();
  });
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  return listening;
}

const portOf = (listening: Server): number => (listening.address() as AddressInfo).port;
const addressOf = (listening: Server): URL => new URL(`http://127.0.0.1:${portOf(listening)}`);
const listRefs = (git: Git, at: Server, path = 'room.git') => git.run(['ls-remote', new URL(path, addressOf(at)).href]);

describe('git', () => {
  it('shows the token to the server alone, as the password of HTTP Basic', async () => {
    const git = new Git(tmpdir(), { server: addressOf(server), token: 'cta_token' });

    await expect(listRefs(git, server)).rejects.toBeInstanceOf(GitFailed);
    await expect(listRefs(git, other)).rejects.toBeInstanceOf(GitFailed);

    expect(heard).toEqual([`Basic ${Buffer.from('agent:cta_token').toString('base64')}`, undefined]);
  });

  it('does not follow the server elsewhere', async () => {
    const git = new Git(tmpdir(), { server: addressOf(server), token: 'cta_token' });

    await expect(listRefs(git, server, 'away.git')).rejects.toBeInstanceOf(GitFailed);

    expect(heard).toHaveLength(1);
  });

  it('says under which lease something is pushed, beside the token', async () => {
    const git = new Git(tmpdir(), { server: addressOf(server), token: 'cta_token' });

    await expect(listRefs(git.under({ taskId: 'task-1', leaseId: 'lease-1' }), server)).rejects.toBeInstanceOf(
      GitFailed,
    );
    await expect(listRefs(git, server)).rejects.toBeInstanceOf(GitFailed);

    expect(leases).toEqual(['task-1/lease-1', undefined]);
    expect(heard[0]).toMatch(/^Basic /);
  });

  it('says nothing of the token when it fails', async () => {
    const git = new Git(tmpdir(), { server: addressOf(server), token: 'cta_token' });

    const failure: unknown = await listRefs(git, server).catch((error: unknown) => error);

    expect(String(failure)).toMatch(/git ls-remote failed: .*not found/);
    expect(String(failure)).not.toMatch(/cta_token|Basic/);
  });

  const unanswered = (status: number) => (response: ServerResponse) => void response.writeHead(status).end();
  const halfAnswered = (response: ServerResponse) => {
    response.writeHead(200, { 'content-type': 'application/x-git-upload-pack-advertisement', 'content-length': 1000 });
    response.write('001e# service=git-upload-pack\n0000', () => response.destroy());
  };
  it.each([
    ['is cut off before it answers', (response: ServerResponse) => void response.destroy(), 'interrupted'],
    ['is cut off in the middle', halfAnswered, 'interrupted'],
    ['is about to end', unanswered(503), 'interrupted'],
    ['is reached too often', unanswered(429), 'interrupted'],
    ['knows of a conflict', unanswered(409), 'other'],
    ['lets nobody in', unanswered(403), 'no_access'],
  ])('tells what kept it from it when the server %s', async (_, does, failure) => {
    instead = does;
    await expect(listRefs(new Git(tmpdir()), server)).rejects.toMatchObject({ failure });
  });

  it('tells that there is no server', async () => {
    const address = new URL('room.git', addressOf(server)).href;
    await new Promise((resolve) => server.close(resolve));
    await expect(new Git(tmpdir()).run(['ls-remote', address])).rejects.toMatchObject({ failure: 'interrupted' });
  });

  it('shows nobody a token that it does not have', async () => {
    await expect(listRefs(new Git(tmpdir()), server)).rejects.toBeInstanceOf(GitFailed);

    expect(heard).toEqual([undefined]);
  });

  describe('with the owner’s credentials', () => {
    let home: string;
    const before = { ...process.env };
    beforeEach(() => {
      home = mkdtempSync(join(tmpdir(), 'clawtank-owner-'));
      Object.assign(process.env, { HOME: home, XDG_CONFIG_HOME: home });
    });
    afterEach(() => {
      process.env = { ...before };
      rmSync(home, { recursive: true });
    });

    it('asks the owner’s helper, and tells why it was not let in', async () => {
      const helper = '!f() { echo username=ada; echo password=of-ada; }; f';
      writeFileSync(join(home, '.gitconfig'), `[credential]\n\thelper = "${helper}"\n`);
      demand = 'Basic realm="x"';

      const failure: unknown = await listRefs(new Git(tmpdir(), 'owners'), server).catch((error: unknown) => error);

      expect(heard).toContain(`Basic ${Buffer.from('ada:of-ada').toString('base64')}`);
      expect(failure).toMatchObject({ failure: 'no_access' });
      expect(String(failure)).not.toContain('of-ada');
    });

    it('asks nobody, whatever programs there are for that', async () => {
      const trap = join(home, 'trap');
      writeFileSync(join(home, 'ask'), `#!/bin/sh\necho asked > ${trap}\n`, { mode: 0o755 });
      Object.assign(process.env, { SSH_ASKPASS: join(home, 'ask'), DISPLAY: ':0' });
      demand = 'Basic realm="x"';

      await expect(listRefs(new Git(tmpdir(), 'owners'), server)).rejects.toMatchObject({ failure: 'no_access' });

      expect(existsSync(trap)).toBe(false);
    });

    it('is not led elsewhere by what git was started with', async () => {
      Object.assign(process.env, { GIT_DIR: join(home, 'nowhere'), CLAWTANK_TOKEN: 'cta_token' });
      expect(await new Git(home, 'owners').run(['init', '--quiet', '--bare', 'here'])).toBe('');
      expect(existsSync(join(home, 'here', 'HEAD'))).toBe(true);
      const shown = await new Git(home, 'owners').run(['-c', 'alias.show-environment=!env', 'show-environment']);
      expect(shown).not.toMatch(/cta_token|GIT_DIR=\S*nowhere/);
    });
  });
});
