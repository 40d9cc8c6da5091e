import { readFileSync, writeFileSync } from 'node:fs';
import { format } from 'prettier';
import { describeApi } from '../../apps/api/src/platform/http/openapi.js';
import { startTestServer, type TestServer } from '../support/app.js';
import { configurationPage } from './configuration-page.js';
import { mcpPage } from './mcp-page.js';
import { protocolPage } from './protocol-page.js';

/** With `UPDATE_DOCS=1` (`npm run docs:generate`) the pages are written instead of compared. */
const isUpdating = process.env['UPDATE_DOCS'] === '1';

describe('the generated documentation', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.close());

  it.each([
    [
      'docs/protocol.md',
      () => format(protocolPage(), { parser: 'markdown', printWidth: 120, embeddedLanguageFormatting: 'off' }),
    ],
    ['docs/configuration.md', () => format(configurationPage(), { parser: 'markdown', printWidth: 120 })],
    ['docs/mcp.md', () => format(mcpPage(), { parser: 'markdown', printWidth: 120 })],
    ['docs/openapi.json', () => Promise.resolve(`${JSON.stringify(describeApi(server.app), null, 2)}\n`)],
  ])('%s says what the code does', async (file, generate) => {
    const page = await generate();
    if (isUpdating) {
      writeFileSync(file, page);
    }
    expect(readFileSync(file, 'utf8')).toBe(page);
  });

  it('documents every path of the specification', () => {
    const { paths } = describeApi(server.app);
    const served = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(served).toEqual(
      expect.arrayContaining([
        'GET /api/rooms',
        'POST /api/rooms',
        'GET /api/rooms/{id}',
        'PUT /api/rooms/{id}',
        'DELETE /api/rooms/{id}',
        'POST /api/rooms/{id}/join',
        'POST /api/rooms/{id}/leave',
        'GET /api/users/{id}',
        'PUT /api/users/{id}',
        'GET /api/users/{id}/reputation',
        'POST /api/rooms/{id}/git',
        'DELETE /api/rooms/{id}/git',
        'POST /api/webhooks/git',
        'POST /api/webhooks/git/{hookId}',
        'POST /api/auth/register',
        'POST /api/auth/login',
        'POST /api/auth/refresh',
        'POST /api/auth/logout',
        'GET /api/auth/me',
        'POST /api/agents',
        'POST /api/rooms/{id}/agents/{agentId}',
      ]),
    );
  });
});
