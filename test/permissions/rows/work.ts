import { randomUUID } from 'node:crypto';
import { rows } from '../table.js';

const SHA = 'a'.repeat(40);
const A_STEP = { approvalId: 'step-1', kind: 'execute', title: 'Publish it', detail: 'npm publish' };

/** Tasks, the repository and pull requests. Where somebody may, some rows end a step later, at work that is not there. */
export const workRows = rows(
  `
                                              anon spec outs gues memb agen oagn mode host admi bann
  GET    /api/rooms/:id/tasks                 401  404  404  ok   ok   ok   ok   ok   ok   404  ban
  GET    /api/rooms/:id/tasks/:taskId         401  404  404  ok   ok   ok   ok   ok   ok   404  ban
  GET    /api/rooms/:id/agents                401  404  404  ok   ok   ok   ok   ok   ok   404  ban
  create_task                                 401  404  404  403  ok   403  403  ok   ok   404  ban
  take_issue                                  401  404  404  403  not_found 403 403 not_found not_found 404 ban
  update_task                                 401  404  404  403  ok   403  403  ok   ok   404  ban
  review_task                                 401  404  404  403  task_not_open 403 403 task_not_open task_not_open 404 ban
  cancel_task                                 401  404  404  403  ok   403  403  ok   ok   404  ban
  claim_task                                  401  403  403  403  403  ok   ok   403  403  403  403
  claim_paths                                 401  403  403  403  403  ok   lease_lost 403 403 403  403
  task_receipt                                401  403  403  403  403  ok   task_not_open 403 403 403  403
  agent_action                                401  403  403  403  403  ok   ok   403  403  403  403
  lease_renew                                 401  403  403  403  403  ok   lease_lost 403 403 403  403
  task_progress                               401  403  403  403  403  ok   lease_lost 403 403 403  403
  submit_work                                 401  403  403  403  403  branch_missing lease_lost 403 403 403 403
  release_task                                401  403  403  403  403  ok   lease_lost 403 403 403  403
  request_approval                            401  403  403  403  403  ok   lease_lost 403 403 403  403
  withdraw_approval                           401  403  403  403  403  ok   lease_lost 403 403 403  403
  decide_approval                             401  404  404  403  ok   403  403  403  403  404  ban
  fail_task                                   401  403  403  403  403  ok   lease_lost 403 403 403  403

  GET    /api/rooms/:id/git                   401  404  404  403  403  403  403  403  ok   404  ban
  POST   /api/rooms/:id/git                   401  404  404  403  403  403  403  403  ok   404  ban
  DELETE /api/rooms/:id/git                   401  404  404  403  403  403  403  403  ok   404  ban
  GET    /api/rooms/:id/issues                401  404  404  ok   ok   ok   ok   ok   ok   404  ban
  GET    /api/rooms/:id/pulls                 401  404  404  ok   ok   ok   ok   ok   ok   404  ban
  GET    /api/rooms/:id/pulls/:number         401  404  404  ok   ok   ok   ok   ok   ok   404  ban
  GET    /api/rooms/:id/pulls/:number/diff    401  404  404  ok   ok   ok   ok   ok   ok   404  ban
  GET    /api/rooms/:id/branches/:branch/diff 401  404  404  ok   ok   ok   ok   ok   ok   404  ban
  POST   /api/rooms/:id/pulls                 401  404  404  403  branch_missing branch_missing branch_missing branch_missing branch_missing 404 ban
  open_pull_request                           401  404  404  403  branch_missing branch_missing branch_missing branch_missing branch_missing 404 ban
  POST   /api/rooms/:id/pulls/:number/merge   401  404  404  403  head_moved 403 403 head_moved head_moved 404 ban
  POST   /api/rooms/:id/pulls/:number/close   401  404  404  403  ok   ok   403  ok   ok   404  ban

  ALL    /git/*path (fetch)                   401  404  404  ok   ok   ok   ok   ok   ok   404  403
  ALL    /git/*path (push)                    401  404  404  403  ok   ok   409  ok   ok   404  403
  ALL    /git/*path (fetch, archived)         401  404  404  ok   ok   ok   ok   ok   ok   404  403
  ALL    /git/*path (push, archived)          401  404  404  403  403  403  403  403  403  404  403
  POST   /api/webhooks/git                    signature_invalid signature_invalid signature_invalid signature_invalid signature_invalid signature_invalid signature_invalid signature_invalid signature_invalid signature_invalid signature_invalid
  POST   /api/webhooks/git/:hookId            signature_invalid signature_invalid signature_invalid signature_invalid signature_invalid signature_invalid signature_invalid signature_invalid signature_invalid signature_invalid signature_invalid
  `,
  {
    'GET /api/rooms/:id/tasks/:taskId': async (scene) => ({ path: { taskId: (await scene.newTask()).id } }),
    create_task: () => ({ request: { description: 'do it' } }),
    take_issue: () => ({ request: { issueId: randomUUID() } }),
    update_task: async (scene) => ({ request: { taskId: (await scene.newTask()).id, priority: 'high' } }),
    review_task: async (scene) => ({ request: { taskId: (await scene.newTask()).id, verdict: 'approved', sha: SHA } }),
    cancel_task: async (scene) => ({ request: { taskId: (await scene.newTask()).id } }),
    claim_task: async (scene) => ({ request: { taskId: (await scene.newTask()).id } }),
    claim_paths: async (scene) => ({ request: { ...(await scene.leased()), paths: ['src'] } }),
    task_receipt: async (scene) => ({
      request: { taskId: (await scene.newTask(scene.agents.agent.agent.id)).id, step: 'delivered' },
    }),
    agent_action: async (scene) => ({
      request: { action: 'task_pickup', payload: { taskId: (await scene.newTask()).id } },
    }),
    lease_renew: async (scene) => ({ request: await scene.leased() }),
    task_progress: async (scene) => ({ request: { ...(await scene.leased()), note: 'halfway' } }),
    submit_work: async (scene) => ({ request: { ...(await scene.leased()), gitBranch: 'nowhere', commit: SHA } }),
    release_task: async (scene) => ({ request: { ...(await scene.leased()), reason: 'busy' } }),
    request_approval: async (scene) => ({ request: { ...(await scene.leased()), ...A_STEP } }),
    withdraw_approval: async (scene) => ({ request: (await scene.askedStep()).step }),
    decide_approval: async (scene) => ({ request: { id: (await scene.approval()).id, decision: 'approved' } }),
    fail_task: async (scene) => ({ request: { ...(await scene.leased()), reason: 'cannot' } }),
    'POST /api/rooms/:id/git': async (scene) => {
      await scene.people.host.request('DELETE', `/api/rooms/${scene.roomId}/git`); // what somebody before may have connected
      return { body: { provider: 'github', repoId: '42', fullName: 'octo/tank' } };
    },
    'GET /api/rooms/:id/pulls/:number': async (scene) => ({
      path: { number: String((await scene.pullRequest()).number) },
    }),
    'GET /api/rooms/:id/pulls/:number/diff': async (scene) => ({
      path: { number: String((await scene.pullRequest()).number) },
    }),
    'GET /api/rooms/:id/branches/:branch/diff': async (scene) => ({
      path: { branch: encodeURIComponent((await scene.pullRequest()).head) },
    }),
    'POST /api/rooms/:id/pulls': (scene) => ({ body: { roomId: scene.roomId, title: 'A change', head: 'nowhere' } }),
    open_pull_request: () => ({ request: { title: 'A change', head: 'nowhere' } }),
    'POST /api/rooms/:id/pulls/:number/merge': async (scene) => ({
      path: { number: String((await scene.pullRequest()).number) },
      body: { headSha: SHA },
    }),
    'POST /api/rooms/:id/pulls/:number/close': async (scene) => ({
      path: { number: String((await scene.pullRequest()).number) },
      body: {},
    }),
    'ALL /git/*path (fetch)': (scene) => ({
      path: { path: `${scene.roomId}.git/info/refs` },
      query: '?service=git-upload-pack',
    }),
    'ALL /git/*path (push)': async (scene) => {
      await scene.leased();
      return { path: { path: `${scene.roomId}.git/info/refs` }, query: '?service=git-receive-pack' };
    },
    'ALL /git/*path (fetch, archived)': async (scene) => {
      await scene.archive();
      return { path: { path: `${scene.roomId}.git/info/refs` }, query: '?service=git-upload-pack' };
    },
    'ALL /git/*path (push, archived)': async (scene) => {
      await scene.archive();
      return { path: { path: `${scene.roomId}.git/info/refs` }, query: '?service=git-receive-pack' };
    },
    'POST /api/webhooks/git': () => ({ body: {} }),
    'POST /api/webhooks/git/:hookId': () => ({ path: { hookId: randomUUID() }, body: {} }),
  },
);
