import { rows } from '../table.js';

export const moderationRows = rows(
  `
                                              anon spec outs gues memb agen oagn mode host admi bann
  GET    /api/rooms/:id/audit                 401  404  404  403  403  403  403  ok   ok   404  ban
  GET    /api/admin/audit                     401  403  403  403  403  403  403  403  403  ok   403
  POST   /api/rooms/:id/transfer              401  404  404  403  403  403  403  403  ok   404  ban
  PUT    /api/rooms/:id/members/:userId/role  401  404  404  403  403  403  403  403  ok   404  ban
  PUT    /api/rooms/:id/members/:userId/mute  401  404  404  403  403  403  403  ok   ok   404  ban
  PUT    /api/rooms/:id/members/:userId/mute (of a moderator)
                                              401  404  404  403  403  403  403  403  ok   404  ban
  DELETE /api/rooms/:id/members/:userId/mute  401  404  404  403  403  403  403  ok   ok   404  ban
  DELETE /api/rooms/:id/members/:userId       401  404  404  403  403  403  403  ok   ok   404  ban
  DELETE /api/rooms/:id/members/:userId (a moderator)
                                              401  404  404  403  403  403  403  403  ok   404  ban
  DELETE /api/rooms/:id/members/:userId (the host)
                                              401  404  404  403  403  403  403  host_must_stay host_must_stay 404 ban
  GET    /api/rooms/:id/bans                  401  404  404  403  403  403  403  ok   ok   404  ban
  POST   /api/rooms/:id/bans                  401  404  404  403  403  403  403  ok   ok   404  ban
  POST   /api/rooms/:id/bans (a moderator)    401  404  404  403  403  403  403  403  ok   404  ban
  POST   /api/rooms/:id/bans (a stranger)     401  404  404  403  403  403  403  ok   ok   404  ban
  DELETE /api/rooms/:id/bans/:userId          401  404  404  403  403  403  403  ok   ok   404  ban
  `,
  {
    'POST /api/rooms/:id/transfer': ({ people }) => ({ body: { userId: people.target.id } }),
    'PUT /api/rooms/:id/members/:userId/role': () => ({ body: { role: 'guest' } }),
    'PUT /api/rooms/:id/members/:userId/mute': () => ({ body: { minutes: 1 } }),
    'PUT /api/rooms/:id/members/:userId/mute (of a moderator)': ({ people }) => ({
      path: { userId: people.moderator.id },
      body: { minutes: 1 },
    }),
    'DELETE /api/rooms/:id/members/:userId (a moderator)': ({ people }) => ({ path: { userId: people.moderator.id } }),
    'DELETE /api/rooms/:id/members/:userId (the host)': ({ people }) => ({ path: { userId: people.host.id } }),
    'POST /api/rooms/:id/bans': ({ people }) => ({ body: { userId: people.target.id } }),
    'POST /api/rooms/:id/bans (a moderator)': ({ people }) => ({ body: { userId: people.moderator.id } }),
    'POST /api/rooms/:id/bans (a stranger)': ({ people }) => ({ body: { userId: people.newcomer.id } }),
    'DELETE /api/rooms/:id/bans/:userId': ({ people }) => ({ path: { userId: people.banned.id } }),
  },
);
