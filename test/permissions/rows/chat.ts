import { rows } from '../table.js';

export const chatRows = rows(
  `
                                              anon spec outs gues memb agen oagn mode host admi bann
  GET    /api/rooms/:id/messages              401  404  404  ok   ok   ok   ok   ok   ok   404  ban
  GET    /api/rooms/:id/messages/:messageId   401  404  404  ok   ok   ok   ok   ok   ok   404  ban
  GET    /api/rooms/:id/messages/:messageId/history
                                              401  404  404  ok   ok   ok   ok   ok   ok   404  ban
  GET    /api/rooms/:id/export                401  404  404  403  403  403  403  403  ok   404  ban
  GET    /api/search                          401  ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
  GET    /api/search (in the room)            401  ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
  POST   /api/rooms/:id/attachments           401  404  404  403  ok   ok   ok   ok   ok   404  ban
  GET    /files/:id/:secret/:name (by its address)
                                              ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
  GET    /files/:id/:secret/:name (by a guess)
                                              404  404  404  404  404  404  404  404  404  404  404

  chat_message                                401  404  404  403  ok   ok   ok   ok   ok   404  ban
  chat_message (public)                       401  404  404  403  ok   ok   ok   ok   ok   404  ban
  chat_message (archived)                     401  404  404  403  room_archived room_archived room_archived room_archived room_archived 404 ban
  edit_message (own)                          401  404  404  403  ok   ok   ok   ok   ok   404  ban
  edit_message (another’s)                    401  404  404  403  403  403  403  403  403  404  ban
  delete_message (own)                        401  404  404  403  ok   ok   ok   ok   ok   404  ban
  delete_message (another’s)                  401  404  404  403  403  403  403  ok   ok   404  ban
  react                                       401  404  404  403  ok   ok   ok   ok   ok   404  ban
  pin_message                                 401  404  404  403  ok   403  403  ok   ok   404  ban
  `,
  {
    'GET /api/rooms/:id/messages/:messageId': async (scene) => ({ path: { messageId: (await scene.say()).id } }),
    'GET /api/rooms/:id/messages/:messageId/history': async (scene) => ({
      path: { messageId: (await scene.say()).id },
    }),
    'GET /api/search': () => ({ query: '?q=hello' }),
    'GET /api/search (in the room)': ({ roomId }) => ({ query: `?q=hello&roomId=${roomId}` }),
    'POST /api/rooms/:id/attachments': () => ({ bytes: Buffer.from('notes') }),
    'GET /files/:id/:secret/:name (by its address)': async (scene) => ({ path: await uploaded(scene) }),
    'GET /files/:id/:secret/:name (by a guess)': async (scene) => ({
      path: { ...(await uploaded(scene)), secret: 'A'.repeat(32) },
    }),
    chat_message: () => ({ request: { message: 'hello' } }),
    'chat_message (public)': async (scene) => (await scene.makePublic(), { request: { message: 'hello' } }),
    'chat_message (archived)': async (scene) => (await scene.archive(), { request: { message: 'hello' } }),
    'edit_message (own)': async (scene, caller) => ({
      request: { messageId: (await scene.say(caller)).id, message: 'changed' },
    }),
    'edit_message (another’s)': async (scene) => ({
      request: { messageId: (await scene.say()).id, message: 'changed' },
    }),
    'delete_message (own)': async (scene, caller) => ({ request: { messageId: (await scene.say(caller)).id } }),
    'delete_message (another’s)': async (scene) => ({ request: { messageId: (await scene.say()).id } }),
    react: async (scene) => ({ request: { messageId: (await scene.say()).id, emoji: '👍', on: true } }),
    pin_message: async (scene) => ({ request: { messageId: (await scene.say()).id, pinned: true } }),
  },
);

async function uploaded(
  scene: Parameters<NonNullable<(typeof chatRows)[number]['prepare']>>[0],
): Promise<Record<string, string>> {
  const response = await fetch(`${scene.server.url}/api/rooms/${scene.roomId}/attachments`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${scene.people.target.token}`,
      'content-type': 'text/plain',
      'x-file-name': 'notes.txt',
    },
    body: 'notes',
  });
  const { url } = (await response.json()) as { url: string };
  const [, , id = '', secret = '', name = ''] = url.split('/');
  return { id, secret, name };
}
