import type { NewInvitation, Room } from '@clawtank/contracts';
import { setTimeout as wait } from 'node:timers/promises';
import { WireSocket } from '../client/wire-socket.js';
import { atMost, equal, isTrue, within } from '../expect.js';
import { eachOf, type Person } from '../installation.js';
import type { Scenario, Stage } from '../scenario.js';

const CUT_OFF_MS = 1000;
const AGENTS = 10;
const CAPACITY = 20;
const JOINERS = 40;
const USES = 5;
const USERS = 20;

/** What the server answered to a request that it may refuse: `ok`, or its code. */
async function outcome(ask: Promise<unknown>): Promise<string> {
  return ask.then(
    () => 'ok',
    (error: unknown) => (error as { problem?: { code?: string } }).problem?.code ?? String(error),
  );
}

const count = (outcomes: readonly string[]): Record<string, number> =>
  Object.fromEntries(
    [...new Set(outcomes)].sort().map((name) => [name, outcomes.filter((one) => one === name).length]),
  );

/** Somebody in a room, on both processes, with an agent, who is sent away by `sendAway`. */
async function sendsAway(
  stage: Stage,
  sendAway: (host: Person, guest: Person, room: Room) => Promise<unknown>,
  staysOut: boolean,
): Promise<void> {
  const { installation, random } = stage;
  const [host, guest] = (await installation.newPeople(2)) as [Person, Person];
  const room = await installation.newRoom([host, guest], { visibility: 'public' });
  const agent = await installation.newAgent(guest, room.id, `agent-of-${guest.username}`);
  const writer = await installation.follow(stage, host, room.id, installation.left);
  const person = await eachOf(installation.servers, (server) => installation.follow(stage, guest, room.id, server));
  const agents = await eachOf(installation.servers, (server) =>
    installation.follow(
      stage,
      { id: agent.agent.id, username: agent.agent.name, token: agent.token },
      room.id,
      server,
      {
        namespace: '/agents',
      },
    ),
  );
  const lines = [...person, ...agents];

  const started = performance.now();
  await sendAway(host, guest, room);
  await within(
    CUT_OFF_MS * 5,
    'all lines of the person and of their agents are cut off',
    () => lines.every((line) => line.roomClosed !== null || line.dismissed !== null || !line.isConnected),
    () => lines.map((line) => [line.name, line.roomClosed, line.isConnected]),
  );
  atMost('milliseconds until every line on both processes was cut off', performance.now() - started, CUT_OFF_MS);

  const heard = lines.map(({ received }) => received.size);
  await eachOf(Array.from({ length: 10 }), () => writer.say(random.word()));
  await wait(200);
  equal(
    'nothing of the room reaches them any more',
    lines.map(({ received }) => received.size),
    heard,
  );

  for (const server of installation.servers) {
    const again = await installation.socket(stage, guest, server);
    const reply = await again.ask('join_room', { roomId: room.id });
    isTrue(`the room stays closed at ${server.name}, though the token is still good`, !reply.ok, reply);
    const said = await again.ask('chat_message', { roomId: room.id, message: 'I am back' });
    isTrue(`nothing more is said at ${server.name}`, !said.ok, said);
    const joined = await outcome(installation.rest(guest, 'POST', `/api/rooms/${room.id}/join`, {}, server));
    equal(`a seat at ${server.name}`, joined, staysOut ? 'banned' : 'ok');
    if (!staysOut) {
      return;
    }
  }
}

export const seats: readonly Scenario[] = [
  {
    name: 'seats-kicked',
    promise: 'Who is sent out of a room is cut off on both processes within a second, their agents too.',
    run: (stage) =>
      sendsAway(
        stage,
        (host, guest, room) =>
          stage.installation.rest(
            host,
            'DELETE',
            `/api/rooms/${room.id}/members/${guest.id}`,
            undefined,
            stage.installation.right,
          ),
        false,
      ),
  },
  {
    name: 'seats-banned',
    promise:
      'Who is banned is cut off on both processes within a second and stays out with a token that is still good.',
    run: (stage) =>
      sendsAway(
        stage,
        (host, guest, room) =>
          stage.installation.rest(
            host,
            'POST',
            `/api/rooms/${room.id}/bans`,
            { userId: guest.id },
            stage.installation.right,
          ),
        true,
      ),
  },
  {
    name: 'seats-signed-out',
    promise: 'Every line of a deleted account is closed on both processes within a second, and its token opens none.',
    async run(stage) {
      const { installation } = stage;
      const [host, guest] = (await installation.newPeople(2)) as [Person, Person];
      await installation.newRoom([host, guest]);
      const sockets = await eachOf([...installation.servers, ...installation.servers], (server) =>
        installation.socket(stage, guest, server),
      );
      await installation.rest(guest, 'DELETE', `/api/users/${guest.id}`);
      await within(CUT_OFF_MS, 'all lines are closed', () => sockets.every(({ isOpen }) => !isOpen));
      for (const { url } of installation.servers) {
        const refused = await WireSocket.open({ url, auth: { token: guest.token } }).then(
          () => 'opened',
          () => 'refused',
        );
        equal('the token opens nothing', refused, 'refused');
      }
    },
  },
  {
    name: 'seats-capacity',
    promise: `Of ${JOINERS} people who race over both processes for a room of ${CAPACITY}, exactly as many get a seat as are free.`,
    async run({ installation }) {
      const [host, ...people] = (await installation.newPeople(JOINERS + 1)) as [Person, ...Person[]];
      const room = await installation.newRoom([host], { visibility: 'public' });
      const outcomes = await Promise.all(
        people.map((person, index) =>
          outcome(
            installation.rest(
              person,
              'POST',
              `/api/rooms/${room.id}/join`,
              {},
              installation.servers[index % 2 ? 1 : 0],
            ),
          ),
        ),
      );
      equal('seats that were given', count(outcomes), { ok: CAPACITY - 1, room_full: JOINERS - CAPACITY + 1 });
      const rows = await installation.query(`SELECT FROM room_members WHERE room_id = $1`, [room.id]);
      equal('the room is full', rows.length, CAPACITY);
      await installation.gapless(room.id);
    },
  },
  {
    name: 'seats-invitation-uses',
    promise: `An invitation for ${USES} admits ${USES} of ${USERS} who use it at once over both processes.`,
    async run({ installation }) {
      const [host, ...people] = (await installation.newPeople(USERS + 1)) as [Person, ...Person[]];
      const room = await installation.newRoom([host]);
      const { token } = await installation.rest<NewInvitation>(host, 'POST', `/api/rooms/${room.id}/invitations`, {
        uses: USES,
      });
      const outcomes = await Promise.all(
        people.map((person, index) =>
          outcome(
            installation.rest(
              person,
              'POST',
              `/api/invitations/${token}/accept`,
              undefined,
              installation.servers[index % 2 ? 1 : 0],
            ),
          ),
        ),
      );
      equal('how the invitation was used', count(outcomes), { invitation_invalid: USERS - USES, ok: USES });
      const rows = await installation.query(`SELECT FROM room_members WHERE room_id = $1`, [room.id]);
      equal('the host and whom the invitation let in', rows.length, USES + 1);
    },
  },
  {
    name: 'seats-lease-race',
    promise: `Of ${AGENTS} agents that race for a task over both processes one gets the lease; the others hear why not.`,
    async run(stage) {
      const { installation, random } = stage;
      const [host] = (await installation.newPeople(1)) as [Person];
      const room = await installation.newRoom([host]);
      const agents = await eachOf(
        Array.from({ length: AGENTS }),
        (_, index) => installation.newAgent(host, room.id, `racer-${index}-${random.word()}`),
        2,
      );
      const sockets = await eachOf(agents, async ({ token }, index) => {
        const socket = await WireSocket.open({
          url: installation.servers[index % 2 ? 1 : 0].url,
          namespace: '/agents',
          auth: { token },
        });
        stage.keep(() => socket.cut());
        return socket;
      });
      const person = await installation.socket(stage, host, installation.left);
      for (let round = 0; round < 3; round++) {
        const { id: taskId } = await person.accepted('create_task', { roomId: room.id, description: random.word() });
        const replies = await Promise.all(
          sockets.map((socket) => socket.ask('claim_task', { roomId: room.id, taskId })),
        );
        equal('who got the task', count(replies.map((reply) => (reply.ok ? 'ok' : reply.error.code))), {
          ok: 1,
          task_not_open: AGENTS - 1,
        });
        await person.accepted('cancel_task', { roomId: room.id, taskId });
      }
    },
  },
];
