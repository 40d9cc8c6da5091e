import type { ChatMessage, CommandInput, CommandName, Room } from '@clawtank/contracts';
import type { WireSocket } from '../client/wire-socket.js';
import { atLeast, equal } from '../expect.js';
import type { Installation, Person } from '../installation.js';
import type { Scenario, Stage } from '../scenario.js';

const REPEATS = 50;

interface Scene {
  readonly installation: Installation;
  readonly room: Room;
  readonly ann: Person;
  readonly bob: Person;
  /** Ann's sockets, one at each process. */
  readonly sockets: readonly WireSocket[];
  readonly id: string;
}

async function scene(stage: Stage): Promise<Scene> {
  const { installation, random } = stage;
  const [ann, bob] = (await installation.newPeople(2)) as [Person, Person];
  const room = await installation.newRoom([ann, bob]);
  const sockets = await Promise.all(installation.servers.map((server) => installation.socket(stage, ann, server)));
  return { installation, room, ann, bob, sockets, id: random.id() };
}

/** Sends one command fifty times, in turns to both processes, all at once; checks that there was one answer, and returns it. */
async function repeat<Name extends CommandName>(
  { sockets }: Scene,
  name: Name,
  request: CommandInput<Name>,
): Promise<unknown> {
  const replies = await Promise.all(
    Array.from({ length: REPEATS }, (_, index) => sockets[index % sockets.length]!.accepted(name, request)),
  );
  equal(
    'all repeats get one answer',
    replies,
    replies.map(() => replies[0]!),
  );
  return replies[0];
}

async function count({ installation }: Scene, sql: string, values: unknown[]): Promise<number> {
  const [row] = await installation.query<{ count: string }>(sql, values);
  return Number(row?.count);
}

const entries = (scene: Scene, type: string): Promise<number> =>
  count(scene, `SELECT count(*) FROM room_events WHERE room_id = $1 AND type = $2`, [scene.room.id, type]);

const say = (scene: Scene, message: string): Promise<ChatMessage> =>
  scene.sockets[0]!.accepted('chat_message', { roomId: scene.room.id, message });

const repeated = (name: string, what: string, run: (scene: Scene, stage: Stage) => Promise<void>): Scenario => ({
  name: `repeat-${name}`,
  promise: `Fifty parallel repeats of ${what} over both processes make one row and get one answer.`,
  run: async (stage) => run(await scene(stage), stage),
});

export const repeats: readonly Scenario[] = [
  repeated('message', 'a message', async (scene, { random }) => {
    const { room, id } = scene;
    await repeat(scene, 'chat_message', { roomId: room.id, message: random.word(), clientMessageId: id });
    equal('the message is there once', await entries(scene, 'chat.message'), 1);
  }),
  repeated('mention', 'a message that mentions somebody', async (scene) => {
    const { room, bob, ann, installation, id } = scene;
    await installation.newAgent(ann, room.id, `helper-${id.slice(-6)}`);
    const message = `@${bob.username} and @helper-${id.slice(-6)}, look at this`;
    await repeat(scene, 'chat_message', { roomId: room.id, message, clientMessageId: id });
    equal('the message is there once', await entries(scene, 'chat.message'), 1);
    await installation.settled();
    equal('one task was made for the agent', await entries(scene, 'task.created'), 1);
  }),
  repeated('edit', 'an edit', async (scene, { random }) => {
    const { room, id } = scene;
    const { id: messageId } = await say(scene, 'first');
    await repeat(scene, 'edit_message', { roomId: room.id, messageId, message: random.word(), commandId: id });
    equal('the edit is in the log once', await entries(scene, 'chat.edited'), 1);
  }),
  repeated('reaction', 'a reaction', async (scene) => {
    const { room, id } = scene;
    const { id: messageId } = await say(scene, 'react to this');
    await repeat(scene, 'react', { roomId: room.id, messageId, emoji: '🦀', on: true, commandId: id });
    equal('the reaction is in the log once', await entries(scene, 'chat.reacted'), 1);
    const rows = await count(scene, `SELECT count(*) FROM message_reactions WHERE message_id = $1`, [messageId]);
    equal('the reaction is one row', rows, 1);
  }),
  repeated('task', 'a new task', async (scene, { random }) => {
    const { room, id } = scene;
    await repeat(scene, 'create_task', { roomId: room.id, description: random.word(), commandId: id });
    equal('the task is there once', await entries(scene, 'task.created'), 1);
  }),
  repeated('direct-message', 'a direct message', async (scene, { random }) => {
    const { room, bob, id } = scene;
    const request = { roomId: room.id, toMemberId: bob.id, message: random.word(), clientMessageId: id };
    await repeat(scene, 'direct_message', request);
    const rows = await count(scene, `SELECT count(*) FROM direct_messages WHERE room_id = $1`, [room.id]);
    equal('the direct message is one row', rows, 1);
  }),
  repeated('deletion', 'a deletion', async (scene) => {
    const { room, id } = scene;
    const { id: messageId } = await say(scene, 'not for long');
    await repeat(scene, 'delete_message', { roomId: room.id, messageId, commandId: id });
    equal('the deletion is in the log once', await entries(scene, 'chat.deleted'), 1);
  }),
  {
    name: 'repeat-with-another-text',
    promise: 'Of different texts racing under one id over both processes one is said; the others are told so.',
    async run(stage) {
      const it = await scene(stage);
      const replies = await Promise.all(
        Array.from({ length: REPEATS }, (_, index) =>
          it.sockets[index % 2]!.ask('chat_message', {
            roomId: it.room.id,
            message: `text ${index % 5}`,
            clientMessageId: it.id,
          }),
        ),
      );
      const said = new Set(replies.flatMap((reply) => (reply.ok ? [reply.data.message] : [])));
      const codes = new Set(replies.flatMap((reply) => (reply.ok ? [] : [reply.error.code])));
      equal('one text was said', said.size, 1);
      equal('the others are refused with one code', [...codes], ['command_id_reused']);
      atLeast('repeats of the one that was said get its answer', replies.filter(({ ok }) => ok).length, REPEATS / 5);
      equal('the message is there once', await entries(it, 'chat.message'), 1);
    },
  },
];
