import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Git, GitFailed } from './git.js';

let heard: (string | undefined)[];
let leases: (string | string[] | undefined)[];
let server: Server;
let other: Server;

beforeEach(async () => {
  heard = [];
  leases = [];
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

  it('shows nobody a token that it does not have', async () => {
    await expect(listRefs(new Git(tmpdir()), server)).rejects.toBeInstanceOf(GitFailed);

    expect(heard).toEqual([undefined]);
  });
});
