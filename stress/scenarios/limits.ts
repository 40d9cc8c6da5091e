import { atLeast, equal, isTrue } from '../expect.js';
import { eachOf, type Person } from '../installation.js';
import { request } from '../../test/support/people.js';
import type { Scenario } from '../scenario.js';

export const COMMANDS_PER_MINUTE = 60;
export const SIGN_IN_ATTEMPTS = 5;
const PASSWORD = 'correct horse battery';

interface Refused {
  readonly problem?: { readonly code: string; readonly retryAfter?: number };
}

export const limits: readonly Scenario[] = [
  {
    name: 'limits-of-commands',
    promise: 'Commands to both processes at once count together, and nobody else’s are counted with them.',
    async run(stage) {
      const { installation } = stage;
      const [ann, bob] = (await installation.newPeople(2)) as [Person, Person];
      const sockets = await eachOf(installation.servers, (server) => installation.socket(stage, ann, server));
      const replies = await Promise.all(
        Array.from({ length: COMMANDS_PER_MINUTE * 2 }, (_, index) =>
          sockets[index % 2]!.ask('set_presence', { status: 'active' }),
        ),
      );
      equal('commands that were let through', replies.filter(({ ok }) => ok).length, COMMANDS_PER_MINUTE);
      for (const reply of replies) {
        if (!reply.ok) {
          equal('the others are told why', reply.error.code, 'rate_limited');
          isTrue(
            'and when to come back',
            (reply.error.retryAfter ?? 0) > 0 && (reply.error.retryAfter ?? 0) <= 60_000,
            reply,
          );
        }
      }
      const other = await installation.socket(stage, bob, installation.right);
      equal('another person goes on', (await other.ask('set_presence', { status: 'active' })).ok, true);
    },
  },
  {
    name: 'limits-of-requests',
    promise: 'REST requests to both processes at once count together.',
    async run({ installation }) {
      const [ann] = (await installation.newPeople(1)) as [Person];
      const statuses = await eachOf(Array.from({ length: COMMANDS_PER_MINUTE * 2 }), async (_, index) => {
        const { url } = installation.servers[index % 2 ? 1 : 0];
        const response = await fetch(`${url}/api/rooms?scope=mine`, {
          headers: { authorization: `Bearer ${ann.token}` },
        });
        await response.arrayBuffer();
        return response.status;
      });
      equal('requests that were let through', statuses.filter((status) => status === 200).length, COMMANDS_PER_MINUTE);
      equal(
        'the others are refused as too many',
        statuses.filter((status) => status === 429).length,
        COMMANDS_PER_MINUTE,
      );
    },
  },
  {
    name: 'limits-of-sign-ins',
    promise: 'Wrong passwords tried at both processes in turns count together, and the right one does not help then.',
    async run({ installation, random }) {
      const username = `guarded-${random.word()}`;
      await request(installation.left.url, 'POST', '/api/auth/register', { body: { username, password: PASSWORD } });
      const signIn = async (password: string, index: number): Promise<string> =>
        request(installation.servers[index % 2 ? 1 : 0].url, 'POST', '/api/auth/login', {
          body: { username, password },
        }).then(
          () => 'ok',
          (error: Refused) => error.problem?.code ?? 'unknown',
        );
      const codes: string[] = [];
      for (let index = 0; index < SIGN_IN_ATTEMPTS * 2; index++) {
        codes.push(await signIn(`wrong ${index}`, index));
      }
      equal(
        'answers to wrong passwords',
        codes,
        codes.map((_, index) => (index < SIGN_IN_ATTEMPTS ? 'credentials_wrong' : 'rate_limited')),
      );
      for (const index of [0, 1]) {
        equal('the right password is not tried any more', await signIn(PASSWORD, index), 'rate_limited');
      }
    },
  },
  {
    name: 'limits-of-one-connection',
    promise: 'What one connection may have waiting is bounded: the rest is refused at once, and it goes on.',
    async run(stage) {
      const { installation } = stage;
      const [ann] = (await installation.newPeople(1)) as [Person];
      const socket = await installation.socket(stage, ann, installation.left);
      const replies = await Promise.all(
        Array.from({ length: 1000 }, () => socket.ask('set_presence', { status: 'idle' })),
      );
      const refused = replies.flatMap((reply) => (reply.ok ? [] : [reply.error.code]));
      atLeast('commands that were refused', refused.length, 1000 - COMMANDS_PER_MINUTE);
      equal('all of them as too many', [...new Set(refused)], ['rate_limited']);
      isTrue('the connection is open', socket.isOpen);
    },
  },
];
