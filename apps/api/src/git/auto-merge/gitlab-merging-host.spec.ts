import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { MergeAttempt } from '../domain/auto-merge.js';
import { isMadeBy } from '../domain/auto-merge.js';
import { GitLabMergingHost } from './gitlab-merging-host.js';
import { gitLabApi } from './provider-api.js';

const HEAD = 'a'.repeat(40);
const ATTEMPT: MergeAttempt = {
  id: 'attempt-1',
  roomId: 'room-1',
  pullRequestId: 'pull-1',
  number: 7,
  title: 'Say hello',
  head: 'feature',
  headSha: HEAD,
  approvedBy: { type: 'human', id: 'bob', name: 'bob' },
};

describe('a project at GitLab', () => {
  let gitLab: Server;
  let host: GitLabMergingHost;
  let request: object;
  let answer: { status: number; body: object };
  let merges: { sha: string; merge_commit_message: string; token: string | undefined }[];

  beforeAll(async () => {
    gitLab = createServer((asked, response) => {
      let text = '';
      asked.on('data', (chunk: Buffer) => (text += chunk.toString()));
      asked.on('end', () => {
        const isMerge = asked.method === 'PUT' && asked.url === '/api/v4/projects/42/merge_requests/7/merge';
        const isRequest = asked.method === 'GET' && asked.url === '/api/v4/projects/42/merge_requests/7';
        if (isMerge) {
          merges.push({ ...(JSON.parse(text) as (typeof merges)[number]), token: asked.headers.authorization });
        }
        const { status, body } = isMerge
          ? answer
          : isRequest
            ? { status: 200, body: request }
            : { status: 404, body: { message: '404 Not found' } };
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      });
    });
    await new Promise<void>((resolve) => gitLab.listen(0, '127.0.0.1', resolve));
    const baseUrl = `http://127.0.0.1:${(gitLab.address() as AddressInfo).port}`;
    host = new GitLabMergingHost(gitLabApi({ baseUrl, projectId: '42', accessToken: 'of-the-room' }));
  });
  afterAll(() => gitLab.close());
  beforeEach(() => {
    request = { state: 'opened', sha: HEAD, detailed_merge_status: 'mergeable', head_pipeline: { status: 'success' } };
    answer = { status: 200, body: { state: 'merged' } };
    merges = [];
  });

  it('merges exactly the approved commit with the room’s token, under the attempt’s name', async () => {
    expect(await host.merge(ATTEMPT)).toEqual({ outcome: 'merged' });
    expect(merges).toMatchObject([{ sha: HEAD, token: 'Bearer of-the-room' }]);
    expect(isMadeBy('attempt-1', merges[0]!.merge_commit_message)).toBe(true);
    expect(isMadeBy('attempt-2', merges[0]!.merge_commit_message)).toBe(false);
  });

  it('is found merged when it is asked again', async () => {
    request = { ...request, state: 'merged' };
    expect(await host.merge(ATTEMPT)).toEqual({ outcome: 'merged' });
    expect(merges).toEqual([]);
  });

  it.each([
    ['head_moved', { sha: 'b'.repeat(40) }],
    ['conflicts', { detailed_merge_status: 'conflict' }],
    ['draft', { detailed_merge_status: 'draft_status' }],
    ['checks', { detailed_merge_status: 'ci_still_running' }],
    ['checks', { head_pipeline: { status: 'failed' } }],
    ['checks', { head_pipeline: { status: 'running' } }],
    ['unavailable', { detailed_merge_status: 'checking' }],
    ['rules', { detailed_merge_status: 'not_approved' }],
  ])('is left alone: %s', async (obstacle, change) => {
    request = { ...request, ...change };
    expect(await host.merge(ATTEMPT)).toMatchObject({ outcome: 'refused', obstacle });
    expect(merges).toEqual([]);
  });

  it.each([
    ['token_may_not', 401],
    ['rules', 405],
    ['head_moved', 409],
    ['rules', 422],
    ['unavailable', 500],
  ])('says why it refuses: %s for %i', async (obstacle, status) => {
    answer = { status, body: { message: 'No' } };
    expect(await host.merge(ATTEMPT)).toEqual({ outcome: 'refused', obstacle, message: 'No' });
  });
});
