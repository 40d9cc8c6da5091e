import type { ChatMessage, Task } from '@clawtank/contracts';
import type { RoomClient } from '../client/room-client.js';
import { CommandRefused, Unanswered } from '../client/wire-socket.js';
import { atLeast } from '../expect.js';
import { eachOf, type Person } from '../installation.js';
import type { Scenario } from '../scenario.js';

const STEPS = 250;
const EMOJI = ['🦀', '👍', '🎉'];

interface Reaction {
  readonly by: RoomClient;
  readonly messageId: string;
  readonly emoji: string;
}

export const law: readonly Scenario[] = [
  {
    name: 'law-of-the-stream',
    promise: 'Whatever happens in a room, what every client makes of it equals a fresh snapshot of either process.',
    async run(stage) {
      const { installation, random } = stage;
      const people = await installation.newPeople(6);
      const [host] = people as [Person];
      const room = await installation.newRoom(people, { visibility: 'public' });
      const { id: roomId } = room;
      const clients = await eachOf(people, (person, index) =>
        installation.follow(stage, person, roomId, installation.servers[index % 2 ? 1 : 0]),
      );
      const messages: { by: RoomClient; message: ChatMessage }[] = [];
      const tasks: Task[] = [];
      // What was done, so that it can be undone: by chance alone it hardly ever would be.
      const reactions: Reaction[] = [];
      const pinned: string[] = [];
      let done = 0;

      const say = async (by: RoomClient, extra: { replyTo?: string; threadId?: string } = {}): Promise<void> => {
        const said = await by.socket!.accepted('chat_message', {
          roomId,
          message: random.chance(0.2) ? `@${random.pick(people).username} ${random.word()}` : random.word(),
          visibility: random.chance(0.2) ? 'members' : 'public',
          ...extra,
        });
        messages.push({ by, message: said });
      };
      const old = () => random.pick(messages);
      const react = ({ by, messageId, emoji }: Reaction, on: boolean) =>
        by.socket!.accepted('react', { roomId, messageId, emoji, on });
      const pin = (messageId: string, isPinned: boolean) =>
        clients[0]!.socket!.accepted('pin_message', { roomId, messageId, pinned: isPinned });
      const addReaction = async (by: RoomClient): Promise<void> => {
        const reaction = { by, messageId: old().message.id, emoji: random.pick(EMOJI) };
        await react(reaction, true);
        reactions.push(reaction);
      };
      const addPin = async (): Promise<void> => {
        const { id } = old().message;
        await pin(id, true);
        pinned.push(id);
      };
      const createTask = async (by: RoomClient): Promise<void> => {
        tasks.push(await by.socket!.accepted('create_task', { roomId, description: random.word() }));
      };
      const steps: readonly ((by: RoomClient) => Promise<unknown>)[] = [
        say,
        say,
        say,
        (by) => say(by, { replyTo: old().message.id }),
        (by) => say(by, { threadId: old().message.id }),
        () => {
          const { by, message } = old();
          return by.socket!.accepted('edit_message', { roomId, messageId: message.id, message: random.word() });
        },
        () => {
          const { by, message } = old();
          return by.socket!.accepted('delete_message', { roomId, messageId: message.id });
        },
        addReaction,
        () => react(random.pick(reactions), false),
        addPin,
        () => pin(random.pick(pinned), false),
        createTask,
        (by) => by.socket!.accepted('cancel_task', { roomId, taskId: random.pick(tasks).id }),
        () => installation.rest(host, 'PUT', `/api/rooms/${roomId}`, { description: random.word() }),
        async () => random.pick(clients.slice(1)).cut(), // somebody is always there
      ];
      for (const first of [say, createTask, addReaction, addPin]) {
        await first(clients[0]!); // there is something now that the others can be about
      }
      await eachOf(
        Array.from({ length: STEPS }),
        async () => {
          try {
            await random.pick(steps)(random.pick(clients.filter(({ isConnected }) => isConnected)));
            done++;
          } catch (error) {
            // Its line was cut, or another step was faster, such as the deletion of what was to be edited.
            const isExpected =
              error instanceof CommandRefused ? error.error.code !== 'internal' : error instanceof Unanswered;
            if (!isExpected) {
              throw error;
            }
          }
        },
        6,
      );
      atLeast('most of what was tried was done', done, STEPS / 2);
      await installation.settled();
      await installation.verify(host, roomId, clients, 20_000);
    },
  },
];
