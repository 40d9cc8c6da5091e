import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface GitLabUser {
  readonly id: number;
  readonly username: string;
  readonly name: string;
  readonly email: string;
  readonly avatar_url: string | null;
}

export interface GitLabEmulator {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Who is signed in at GitLab in the browser, and so is who comes back; null declines. */
  user: GitLabUser | null;
  close(): Promise<void>;
}

interface Grant {
  readonly user: GitLabUser;
  readonly redirectUri: string;
  readonly challenge: string;
}

/** GitLab's side of signing in: authorisation codes that work once, PKCE that is checked, and `/api/v4/user`. */
export async function startGitLab(): Promise<GitLabEmulator> {
  const clientId = 'gitlab-client';
  const clientSecret = randomBytes(16).toString('hex');
  const codes = new Map<string, Grant>();
  const tokens = new Map<string, GitLabUser>();

  function authorize(url: URL, response: ServerResponse): void {
    const { client_id, redirect_uri, response_type, state, scope, code_challenge, code_challenge_method } =
      Object.fromEntries(url.searchParams) as Record<string, string | undefined>;
    if (client_id !== clientId || !redirect_uri || response_type !== 'code' || scope !== 'read_user') {
      return json(response, 400, { error: 'invalid_request' });
    }
    if (!code_challenge || code_challenge_method !== 'S256') {
      return json(response, 400, { error: 'invalid_request', error_description: 'PKCE is required' });
    }
    const back = new URL(redirect_uri);
    back.searchParams.set('state', state ?? '');
    if (emulator.user) {
      const code = randomBytes(16).toString('hex');
      codes.set(code, { user: emulator.user, redirectUri: redirect_uri, challenge: code_challenge });
      back.searchParams.set('code', code);
    } else {
      back.searchParams.set('error', 'access_denied');
      back.searchParams.set('error_description', 'The resource owner or authorization server denied the request.');
    }
    response.writeHead(302, { location: back.href }).end();
  }

  async function exchange(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = new URLSearchParams(Buffer.concat(await request.toArray()).toString());
    const grant = codes.get(form.get('code') ?? '');
    codes.delete(form.get('code') ?? '');
    if (form.get('client_id') !== clientId || form.get('client_secret') !== clientSecret) {
      return json(response, 401, { error: 'invalid_client' });
    }
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (!grant || grant.redirectUri !== form.get('redirect_uri') || grant.challenge !== challenge) {
      return json(response, 400, { error: 'invalid_grant' });
    }
    const token = randomBytes(16).toString('hex');
    tokens.set(token, grant.user);
    json(response, 200, { access_token: token, token_type: 'Bearer', expires_in: 7200, scope: 'read_user' });
  }

  function currentUser(request: IncomingMessage, response: ServerResponse): void {
    const user = tokens.get((request.headers.authorization ?? '').replace(/^Bearer /, ''));
    json(response, user ? 200 : 401, user ?? { message: '401 Unauthorized' });
  }

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://gitlab');
    switch (`${request.method} ${url.pathname}`) {
      case 'GET /oauth/authorize':
        return authorize(url, response);
      case 'POST /oauth/token':
        return void exchange(request, response);
      case 'GET /api/v4/user':
        return currentUser(request, response);
      default:
        return json(response, 404, { message: '404 Not Found' });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const emulator: GitLabEmulator = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    clientId,
    clientSecret,
    user: null,
    close: () => closeServer(server),
  };
  return emulator;
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
