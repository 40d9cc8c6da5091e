import { rows } from '../table.js';

export const invitationRows = rows(
  `
                                              anon spec outs gues memb agen oagn mode host admi bann
  POST   /api/rooms/:id/invitations           401  404  404  403  ok   403  403  ok   ok   404  ban
  GET    /api/rooms/:id/invitations           401  404  404  403  ok   403  403  ok   ok   404  ban
  POST   /api/rooms/:id/invitations/people    401  404  404  403  ok   403  403  ok   ok   404  ban
  GET    /api/rooms/:id/invitations/people    401  404  404  403  ok   403  403  ok   ok   404  ban
  DELETE /api/rooms/:id/invitations/:invitationId
                                              401  404  404  403  ok   403  403  ok   ok   404  ban
  GET    /api/invitations/:token              ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
  POST   /api/invitations/:token/accept       401  ok   ok   ok   ok   403  403  ok   ok   ok   ban
  GET    /api/me/invitations                  401  ok   ok   ok   ok   403  403  ok   ok   ok   ok
  POST   /api/me/invitations/:id/accept (own) 401  ok   ok   ok   ok   403  403  ok   ok   ok   ban
  POST   /api/me/invitations/:id/accept (another’s)
         401 invitation_invalid invitation_invalid invitation_invalid invitation_invalid 403 403 invitation_invalid invitation_invalid invitation_invalid invitation_invalid
  POST   /api/me/invitations/:id/decline (own)
                                              401  ok   ok   ok   ok   403  403  ok   ok   ok   ok
  POST   /api/me/invitations/:id/decline (another’s)
         401 invitation_invalid invitation_invalid invitation_invalid invitation_invalid 403 403 invitation_invalid invitation_invalid invitation_invalid invitation_invalid
  `,
  {
    'POST /api/rooms/:id/invitations': () => ({ body: {} }),
    'POST /api/rooms/:id/invitations/people': ({ people }) => ({ body: { username: people.newcomer.name } }),
    'DELETE /api/rooms/:id/invitations/:invitationId': async (scene) => ({
      path: { invitationId: (await scene.link()).invitation.id },
    }),
    'GET /api/invitations/:token': async (scene) => ({ path: { token: (await scene.link()).token } }),
    'POST /api/invitations/:token/accept': async (scene) => ({ path: { token: (await scene.link()).token } }),
    'POST /api/me/invitations/:id/accept (own)': async (scene, caller) => ({
      path: { id: await scene.personalInvitation(scene.personOf(caller)) },
    }),
    'POST /api/me/invitations/:id/accept (another’s)': async (scene) => ({
      path: { id: await scene.personalInvitation(scene.people.newcomer) },
    }),
    'POST /api/me/invitations/:id/decline (own)': async (scene, caller) => ({
      path: { id: await scene.personalInvitation(scene.personOf(caller)) },
    }),
    'POST /api/me/invitations/:id/decline (another’s)': async (scene) => ({
      path: { id: await scene.personalInvitation(scene.people.newcomer) },
    }),
  },
);
