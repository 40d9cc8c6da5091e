import { randomUUID } from 'node:crypto';
import { anAgentKey, registrationOf } from '../../support/agent-key.js';
import { rows } from '../table.js';

export const roomRows = rows(
  `
                                              anon spec outs gues memb agen oagn mode host admi bann
  GET    /api/rooms                           ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
  GET    /api/rooms (own)                     401  ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
  GET    /api/rooms/facets                    ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
  POST   /api/rooms                           401  ok   ok   ok   ok   403  403  ok   ok   ok   ok
  GET    /api/rooms/:id                       404  404  404  ok   ok   ok   ok   ok   ok   404  404
  GET    /api/rooms/:id (public)              ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
  PUT    /api/rooms/:id                       401  404  404  403  403  403  403  403  ok   404  ban
  DELETE /api/rooms/:id                       401  404  404  403  403  403  403  403  ok   404  ban
  POST   /api/rooms/:id/archive               401  404  404  403  403  403  403  403  ok   404  ban
  POST   /api/rooms/:id/unarchive             401  404  404  403  403  403  403  403  ok   404  ban
  POST   /api/rooms/:id/join                  401  404  404  ok   ok   403  403  ok   ok   404  404
  POST   /api/rooms/:id/join (public)         401  ok   ok   ok   ok   403  403  ok   ok   ok   ban
  POST   /api/rooms/:id/join (invited)        401  ok   ok   ok   ok   403  403  ok   ok   ok   ban
  POST   /api/rooms/:id/join (archived)       401  room_archived room_archived ok ok 403 403 ok ok room_archived ban
  POST   /api/rooms/:id/leave                 401  404  404  ok   ok   403  403  ok   host_must_stay 404 ban
  POST   /api/rooms/:id/agents/:agentId (own) 401  404  404  403  ok   403  403  ok   ok   404  ban
  POST   /api/rooms/:id/agents/:agentId (another’s)
                                              401  404  404  403  404  403  403  404  404  404  ban
  DELETE /api/rooms/:id/agents/:agentId       401  404  404  403  ok   403  403  ok   ok   404  ban
  PUT    /api/rooms/:id/agents/:agentId/pause 401  404  404  403  ok   403  403  ok   ok   404  ban
  DELETE /api/rooms/:id/agents/:agentId/pause 401  404  404  403  ok   403  403  ok   ok   404  ban
  GET    /api/rooms/:id/agents/:agentId/limits
                                              401  404  404  ok   ok   ok   ok   ok   ok   404  ban
  PUT    /api/rooms/:id/agents/:agentId/limits
                                              401  404  404  403  403  403  403  ok   ok   404  ban
  GET    /api/rooms/:id/state                 401  404  404  ok   ok   ok   ok   ok   ok   404  ban
  GET    /api/rooms/:id/state (public)        401  404  404  ok   ok   ok   ok   ok   ok   404  ban
  GET    /api/rooms/:id/activity              401  404  404  ok   ok   ok   ok   ok   ok   404  ban

  join_room                                   401  404  404  ok   ok   ok   ok   ok   ok   404  ban
  join_room (public)                          401  404  404  ok   ok   ok   ok   ok   ok   404  ban
  leave_room                                  401  ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
  typing                                      401  404  404  403  ok   ok   ok   ok   ok   404  ban
  set_presence                                401  ok   ok   ok   ok   403  403  ok   ok   ok   ok
  agent_register                              401  403  403  403  403  ok   ok   403  403  403  403
  get_room_context                            401  403  403  403  403  ok   ok   403  403  403  403
  read_inbox                                  401  403  403  403  403  ok   ok   403  403  403  403
  ack_inbox                                   401  403  403  403  403  ok   ok   403  403  403  403
  register_key                                401  403  403  403  403  ok   ok   403  403  403  403
  agent_status                                401  403  403  403  403  ok   ok   403  403  403  403
  `,
  {
    'GET /api/rooms (own)': () => ({ query: '?scope=mine' }),
    'POST /api/rooms': () => ({ body: { name: 'Another room' } }),
    'GET /api/rooms/:id (public)': async (scene) => (await scene.makePublic(), {}),
    'PUT /api/rooms/:id/agents/:agentId/limits': () => ({ body: { limits: { tasksPerHour: 1000 } } }),
    'PUT /api/rooms/:id': () => ({ body: { description: 'changed' } }),
    'POST /api/rooms/:id/unarchive': async (scene) => (await scene.archive(), {}),
    'POST /api/rooms/:id/join (public)': async (scene) => (await scene.makePublic(), {}),
    'POST /api/rooms/:id/join (invited)': async (scene) => ({ body: { invitation: (await scene.link()).token } }),
    'POST /api/rooms/:id/join (archived)': async (scene) => {
      await scene.makePublic();
      await scene.archive();
      return {};
    },
    'POST /api/rooms/:id/agents/:agentId (own)': (scene, caller) => ({
      path: { agentId: scene.idleAgents.get(scene.personOf(caller).id)! },
    }),
    'POST /api/rooms/:id/agents/:agentId (another’s)': (scene) => ({
      path: { agentId: scene.idleAgents.get(scene.people.newcomer.id)! },
    }),
    'GET /api/rooms/:id/state (public)': async (scene) => (await scene.makePublic(), {}),
    'join_room (public)': async (scene) => (await scene.makePublic(), {}),
    set_presence: () => ({ request: { status: 'active' } }),
    agent_register: () => ({ request: { capabilities: [] } }),
    get_room_context: () => ({ request: {} }),
    read_inbox: () => ({ request: {} }),
    ack_inbox: () => ({ request: { upTo: 0 } }),
    register_key: (scene, caller) => {
      const agentId = caller === 'agent' || caller === 'otherAgent' ? scene.agents[caller].agent.id : randomUUID();
      return { request: registrationOf(anAgentKey(), agentId) };
    },
    agent_status: () => ({ request: { status: 'idle' } }),
  },
);
