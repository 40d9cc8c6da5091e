import { randomUUID } from 'node:crypto';
import { uniqueName } from '../../support/people.js';
import { type Prepare, rows } from '../table.js';

/** What an owner asks of one agent, and what somebody asks of another's. */
const ownAndAnothers = (method: string, path: string): Record<string, Prepare> => ({
  [`${method} /api/agents/:id/${path} (own)`]: (scene, caller) => ({
    path: { id: scene.idleAgents.get(scene.personOf(caller).id)! },
  }),
  [`${method} /api/agents/:id/${path} (another’s)`]: (scene) => ({
    path: { id: scene.idleAgents.get(scene.people.newcomer.id)! },
  }),
});

/** The server, accounts and agents: what has nothing to do with a seat. */
export const accountRows = rows(
  `
                                              anon spec outs gues memb agen oagn mode host admi bann
  GET    /metrics                             ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
  GET    /health/live                         ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
  GET    /health/ready                        ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
  GET    /api/admin/metrics                   401  403  403  403  403  403  403  403  403  ok   403
  GET    /api/admin/connections               401  403  403  403  403  403  403  403  403  ok   403

  GET    /api/auth/options                    ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
  POST   /api/auth/register                   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
  POST   /api/auth/login                      ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
  POST   /api/auth/refresh            origin_refused ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
  POST   /api/auth/logout            origin_refused ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
  GET    /api/auth/me                         401  ok   ok   ok   ok   403  403  ok   ok   ok   ok
  GET    /api/auth/github                     404  404  404  404  404  404  404  404  404  404  404
  GET    /api/auth/github/callback            404  404  404  404  404  404  404  404  404  404  404
  GET    /api/auth/gitlab                     404  404  404  404  404  404  404  404  404  404  404
  GET    /api/auth/gitlab/callback            404  404  404  404  404  404  404  404  404  404  404
  POST   /api/auth/tokens                     401  ok   ok   ok   ok   403  403  ok   ok   ok   ok
  GET    /api/auth/tokens                     401  ok   ok   ok   ok   403  403  ok   ok   ok   ok
  DELETE /api/auth/tokens/:id (another’s)     401  404  404  404  404  403  403  404  404  404  404

  GET    /api/users/:id                       ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
  PUT    /api/users/:id (own)                 401  ok   ok   ok   ok   403  403  ok   ok   ok   ok
  PUT    /api/users/:id (another’s)           401  403  403  403  403  403  403  403  403  403  403
  DELETE /api/users/:id (another’s)           401  403  403  403  403  403  403  403  403  ok   403
  PUT    /api/users/:id/ban                   401  403  403  403  403  403  403  403  403  ok   403
  DELETE /api/users/:id/ban                   401  403  403  403  403  403  403  403  403  ok   403
  GET    /api/users/:id/reputation            ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok

  POST   /api/agents                          401  ok   ok   ok   ok   403  403  ok   ok   ok   ok
  GET    /api/agents/me/inbox                 401  403  403  403  403  ok   ok   403  403  403  403
  POST   /api/agents/me/inbox/ack             401  403  403  403  403  ok   ok   403  403  403  403
  GET    /api/agents                          401  ok   ok   ok   ok   403  403  ok   ok   ok   ok
  PATCH  /api/agents/:id (own)                401  ok   ok   ok   ok   403  403  ok   ok   ok   ok
  PATCH  /api/agents/:id (another’s)          401  404  404  404  404  403  403  404  404  404  404
  POST   /api/agents/:id/token (own)          401  ok   ok   ok   ok   403  403  ok   ok   ok   ok
  POST   /api/agents/:id/token (another’s)    401  404  404  404  404  403  403  404  404  404  404
  GET    /api/agents/:id/overview (own)       401  ok   ok   ok   ok   403  403  ok   ok   ok   ok
  GET    /api/agents/:id/overview (another’s) 401  404  404  404  404  403  403  404  404  404  404
  GET    /api/agents/:id/history (own)        401  ok   ok   ok   ok   403  403  ok   ok   ok   ok
  GET    /api/agents/:id/history (another’s)  401  404  404  404  404  403  403  404  404  404  404
  DELETE /api/agents/:id (another’s)          401  404  404  404  404  403  403  404  404  404  404
  GET    /api/agents/:id/keys (own)           401  ok   ok   ok   ok   403  403  ok   ok   ok   ok
  GET    /api/agents/:id/keys (another’s)     401  404  404  404  404  403  403  404  404  404  404
  DELETE /api/agents/:id/keys/:keyId (another’s)
                                              401  404  404  404  404  403  403  404  404  404  404
  GET    /api/agents/:id/limits (own)         401  ok   ok   ok   ok   403  403  ok   ok   ok   ok
  GET    /api/agents/:id/limits (another’s)   401  404  404  404  404  403  403  404  404  404  404
  PUT    /api/agents/:id/limits (own)         401  ok   ok   ok   ok   403  403  ok   ok   ok   ok
  PUT    /api/agents/:id/limits (another’s)   401  404  404  404  404  403  403  404  404  404  404
  `,
  {
    'POST /api/auth/register': () => ({ body: { username: uniqueName('new'), password: 'correct horse battery' } }),
    'POST /api/auth/login': ({ people }) => ({
      body: { username: people.newcomer.name, password: 'correct horse battery' },
    }),
    'POST /api/auth/logout': async (scene, caller) =>
      caller === 'anonymous' || caller === 'agent' || caller === 'otherAgent'
        ? {}
        : { token: (await scene.signedIn(scene.personOf(caller))).accessToken },
    'POST /api/auth/tokens': () => ({ body: { name: 'laptop' } }),
    'DELETE /api/auth/tokens/:id (another’s)': async ({ people }) => ({
      path: {
        id: (
          await people.newcomer.request<{ accessToken: { id: string } }>('POST', '/api/auth/tokens', { name: 'laptop' })
        ).accessToken.id,
      },
    }),
    'GET /api/users/:id': ({ people }) => ({ path: { id: people.target.id } }),
    'PUT /api/users/:id (own)': (scene, caller) => ({ path: { id: scene.personOf(caller).id }, body: { bio: 'me' } }),
    'PUT /api/users/:id (another’s)': ({ people }) => ({ path: { id: people.newcomer.id }, body: { bio: 'you' } }),
    'DELETE /api/users/:id (another’s)': async (scene, caller) => ({
      path: { id: caller === 'admin' ? (await scene.someone()).id : scene.people.newcomer.id },
    }),
    'PUT /api/users/:id/ban': async (scene, caller) => ({
      path: { id: caller === 'admin' ? (await scene.someone()).id : scene.people.newcomer.id },
    }),
    'DELETE /api/users/:id/ban': ({ people }) => ({ path: { id: people.newcomer.id } }),
    'GET /api/users/:id/reputation': ({ people }) => ({ path: { id: people.target.id } }),
    'POST /api/agents': () => ({ body: { name: uniqueName('agent') } }),
    'PATCH /api/agents/:id (own)': (scene, caller) => ({
      path: { id: scene.idleAgents.get(scene.personOf(caller).id)! },
      body: { description: 'Tends the lamps' },
    }),
    'PATCH /api/agents/:id (another’s)': (scene) => ({
      path: { id: scene.idleAgents.get(scene.people.newcomer.id)! },
      body: { description: 'Tends nothing' },
    }),
    ...ownAndAnothers('POST', 'token'),
    ...ownAndAnothers('GET', 'overview'),
    ...ownAndAnothers('GET', 'history'),
    'POST /api/agents/me/inbox/ack': () => ({ body: { upTo: 0 } }),
    'DELETE /api/agents/:id (another’s)': (scene) => ({
      path: { id: scene.idleAgents.get(scene.people.newcomer.id)! },
    }),
    'GET /api/agents/:id/keys (own)': (scene, caller) => ({
      path: { id: scene.idleAgents.get(scene.personOf(caller).id)! },
    }),
    'GET /api/agents/:id/keys (another’s)': (scene) => ({
      path: { id: scene.idleAgents.get(scene.people.newcomer.id)! },
    }),
    'GET /api/agents/:id/limits (own)': (scene, caller) => ({
      path: { id: scene.idleAgents.get(scene.personOf(caller).id)! },
    }),
    'GET /api/agents/:id/limits (another’s)': (scene) => ({
      path: { id: scene.idleAgents.get(scene.people.newcomer.id)! },
    }),
    'PUT /api/agents/:id/limits (own)': (scene, caller) => ({
      path: { id: scene.idleAgents.get(scene.personOf(caller).id)! },
      body: { limits: { tasksPerHour: 1000 } },
    }),
    'PUT /api/agents/:id/limits (another’s)': (scene) => ({
      path: { id: scene.idleAgents.get(scene.people.newcomer.id)! },
      body: { limits: null },
    }),
    'DELETE /api/agents/:id/keys/:keyId (another’s)': (scene) => ({
      path: { id: scene.idleAgents.get(scene.people.newcomer.id)!, keyId: randomUUID() },
    }),
  },
);
