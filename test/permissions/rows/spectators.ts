import { aSpectatorMessage } from '../../support/spectator-message.js';
import type { Scene } from '../scene.js';
import { rows } from '../table.js';

/** What members of a room do in the chat of its spectators. The spectators themselves come in by a door of their own. */
export const spectatorRows = rows(
  `
                                              anon spec outs gues memb agen oagn mode host admi bann
  GET    /api/rooms/:id/spectator-chat        401  404  404  ok   ok   403  403  ok   ok   404  ban
  GET    /api/rooms/:id/spectator-chat (isolated)
                                              401  404  404  403  403  403  403  ok   ok   404  ban
  spectator_chat_message                      401  404  404  403  ok   403  403  ok   ok   404  ban
  spectator_chat_message (private)            401  404  404  403  403  403  403  403  403  404  ban
  spectator_chat_message (visible)            401  404  404  403  403  403  403  403  403  404  ban
  spectator_chat_message (off)                401  404  404  403  403  403  403  403  403  404  ban
  spectator_chat_message (archived)           401  404  404  403  room_archived 403 403 room_archived room_archived 404 ban
  promote_spectator_message                   401  404  404  403  ok   403  403  ok   ok   404  ban
  promote_spectator_message (visible)         401  404  404  403  ok   403  403  ok   ok   404  ban
  promote_spectator_message (isolated)        401  404  404  403  403  403  403  ok   ok   404  ban
  promote_spectator_message (archived)        401  404  404  403  room_archived 403 403 room_archived room_archived 404 ban
  delete_spectator_message                    401  404  404  403  403  403  403  ok   ok   404  ban
  mute_spectator                              401  404  404  403  403  403  403  ok   ok   404  ban
  PUT    /api/rooms/:id (the spectators’ chat)
                                              401  404  404  403  403  403  403  403  ok   404  ban
  edit_message (promoted)                     401  404  404  403  403  403  403  403  403  404  ban
  create_task (of a promoted message)         401  404  404  403  invalid_input 403 403 invalid_input invalid_input 404 ban
  `,
  {
    'GET /api/rooms/:id/spectator-chat (isolated)': async (scene) => (await scene.holdChat('isolated'), {}),
    spectator_chat_message: async (scene) => (await scene.makePublic(), { request: { message: 'welcome' } }),
    'spectator_chat_message (private)': () => ({ request: { message: 'welcome' } }),
    'spectator_chat_message (visible)': async (scene) => {
      await scene.makePublic();
      await scene.holdChat('visible');
      return { request: { message: 'welcome' } };
    },
    'spectator_chat_message (off)': async (scene) => {
      await scene.makePublic();
      await scene.holdChat('off');
      return { request: { message: 'welcome' } };
    },
    'spectator_chat_message (archived)': async (scene) => {
      await scene.makePublic();
      await scene.archive();
      return { request: { message: 'welcome' } };
    },
    promote_spectator_message: said,
    'promote_spectator_message (visible)': async (scene) => (await scene.holdChat('visible'), said(scene)),
    'promote_spectator_message (isolated)': async (scene) => (await scene.holdChat('isolated'), said(scene)),
    'promote_spectator_message (archived)': async (scene) => (await scene.archive(), said(scene)),
    delete_spectator_message: said,
    mute_spectator: async (scene) => ({ request: { ...(await said(scene)).request, minutes: 5 } }),
    'PUT /api/rooms/:id (the spectators’ chat)': () => ({ body: { settings: { spectatorChat: 'off' } } }),
    'edit_message (promoted)': async (scene) => ({
      request: { messageId: await scene.promoted(), message: 'changed' },
    }),
    'create_task (of a promoted message)': async (scene) => ({
      request: { description: 'do it', sourceMessageId: await scene.promoted() },
    }),
  },
);

async function said(scene: Scene) {
  return { request: { spectatorMessageId: await aSpectatorMessage(scene.server, scene.roomId) } };
}
