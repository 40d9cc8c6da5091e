import { type CommandName, COMMANDS } from '@clawtank/contracts';
import { startTestServer, type TestServer } from '../support/app.js';
import { accountRows } from './rows/accounts.js';
import { attentionRows } from './rows/attention.js';
import { chatRows } from './rows/chat.js';
import { invitationRows } from './rows/invitations.js';
import { mcpRows } from './rows/mcp.js';
import { moderationRows } from './rows/moderation.js';
import { roomRows } from './rows/rooms.js';
import { spectatorRows } from './rows/spectators.js';
import { workRows } from './rows/work.js';
import { Scene } from './scene.js';
import { CALLERS, inShort, type Row } from './table.js';

/** Who may ask what, and what everybody else hears: written by hand, in a table for each feature. */
const TABLE: readonly Row[] = [
  ...accountRows,
  ...roomRows,
  ...moderationRows,
  ...invitationRows,
  ...chatRows,
  ...spectatorRows,
  ...attentionRows,
  ...workRows,
  ...mcpRows,
];

/** The interface's own description, for everybody. */
const DOCUMENTATION = /^GET \/api\/docs/;
/** Handlers that take every method; Nest makes those of the paths that have no prefix. */
const FOR_ALL_METHODS = ['/api', '/files/*path', '/git/*path', '/health/live', '/health/ready', '/metrics'];

const isCommand = (subject: string): subject is CommandName => Object.hasOwn(COMMANDS, subject);

interface Layer {
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> };
}

describe('who may do what', () => {
  let server: TestServer;
  let scene: Scene;

  beforeAll(async () => {
    server = await startTestServer();
    scene = await Scene.prepare(server);
  }, 60_000);
  afterAll(async () => {
    scene.close();
    await server.close();
  });

  /** Every route that the running server answers. */
  const routes = (): { method: string; path: string }[] => {
    const { router } = server.app.getHttpAdapter().getInstance() as unknown as { router: { stack: Layer[] } };
    return router.stack.flatMap(({ route }) => {
      const methods = Object.keys(route?.methods ?? {});
      return route ? { method: methods.length > 1 ? 'ALL' : methods.join().toUpperCase(), path: route.path } : [];
    });
  };

  it('is written down for every route and every command there is, and for no other', () => {
    const served = routes()
      .filter(({ method, path }) => method !== 'ALL' || path === '/git/*path')
      .map(({ method, path }) => `${method} ${path}`)
      .filter((route) => !DOCUMENTATION.test(route));
    const subjects = new Set(TABLE.map(({ subject }) => subject));
    expect([...subjects].sort()).toEqual([...new Set([...served, ...Object.keys(COMMANDS)])].sort());
  });

  it('is asked of no handler for all methods but those that are known', () => {
    const paths = routes()
      .filter(({ method }) => method === 'ALL')
      .map(({ path }) => path);
    expect([...new Set(paths)].sort()).toEqual(FOR_ALL_METHODS);
  });

  it.each(TABLE.map((row) => [row.variant ? `${row.subject} (${row.variant})` : row.subject, row] as const))(
    '%s',
    async (_, row) => {
      const outcomes = { ...row.expected };
      for (const caller of CALLERS) {
        await scene.settle();
        const asked = await row.prepare(scene, caller);
        outcomes[caller] = isCommand(row.subject)
          ? await scene.command(caller, row.subject, asked)
          : await scene.ask(caller, row.subject, asked);
      }
      expect(inShort(outcomes)).toBe(inShort(row.expected));
    },
  );
});
