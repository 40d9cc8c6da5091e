import type { Scene } from '../scene.js';
import { type CallerName, rows } from '../table.js';

/** Badges, notifications, and what two members say to each other. */
export const attentionRows = rows(
  `
                                              anon spec outs gues memb agen oagn mode host admi bann
  GET    /api/me/badges                       401  ok   ok   ok   ok   403  403  ok   ok   ok   ok
  GET    /api/me/notifications                401  ok   ok   ok   ok   403  403  ok   ok   ok   ok
  POST   /api/me/notifications/read           401  ok   ok   ok   ok   403  403  ok   ok   ok   ok
  GET    /api/rooms/:id/preferences           401  404  404  ok   ok   403  403  ok   ok   404  ban
  PUT    /api/rooms/:id/preferences           401  404  404  ok   ok   403  403  ok   ok   404  ban
  GET    /api/rooms/:id/direct                401  404  404  ok   ok   ok   ok   ok   ok   404  ban
  GET    /api/rooms/:id/direct/:memberId/messages
                                              401  404  404  ok   ok   ok   ok   ok   ok   404  ban

  mark_read                                   401  404  404  ok   ok   403  403  ok   ok   404  ban
  direct_message                              401  404  404  403  ok   403  403  ok   ok   404  ban
  direct_message (an agent to its owner)      401  404  404  403  ok   ok   ok   ok   ok   404  ban
  edit_direct_message (own)                   401  404  404  403  ok   ok   ok   ok   ok   404  ban
  edit_direct_message (another’s)             401  404  404  403  404  404  404  404  404  404  ban
  delete_direct_message (own)                 401  404  404  404  ok   ok   ok   ok   ok   404  ban
  delete_direct_message (another’s)           401  404  404  404  404  404  404  404  404  404  ban
  mark_direct_read                            401  404  404  ok   ok   403  403  ok   ok   404  ban
  `,
  {
    'POST /api/me/notifications/read': () => ({ body: {} }),
    'PUT /api/rooms/:id/preferences': () => ({ body: { level: 'mentions' } }),
    'GET /api/rooms/:id/direct/:memberId/messages': ({ people }) => ({ path: { memberId: people.target.id } }),
    mark_read: () => ({ request: { seq: 1 } }),
    direct_message: ({ people }) => ({ request: { toMemberId: people.target.id, message: 'hello' } }),
    'direct_message (an agent to its owner)': (scene, caller) => ({
      request: { toMemberId: partnerOf(scene, caller), message: 'hello' },
    }),
    'edit_direct_message (own)': async (scene, caller) => ({
      request: { messageId: (await scene.sayTo(partnerOf(scene, caller), caller)).id, message: 'changed' },
    }),
    'edit_direct_message (another’s)': async (scene) => ({
      request: { messageId: (await scene.sayTo(scene.people.other.id)).id, message: 'changed' },
    }),
    'delete_direct_message (own)': async (scene, caller) => ({
      request: { messageId: (await scene.sayTo(partnerOf(scene, caller), caller)).id },
    }),
    'delete_direct_message (another’s)': async (scene) => ({
      request: { messageId: (await scene.sayTo(scene.people.other.id)).id },
    }),
    mark_direct_read: ({ people }) => ({ request: { memberId: people.target.id, seq: 0 } }),
  },
);

/** Somebody to whom the caller may write of their own accord. */
const partnerOf = ({ people }: Scene, caller: CallerName): string =>
  caller === 'agent' ? people.member.id : people.other.id;
