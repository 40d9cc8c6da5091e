import { AgentKey, Id, RegisterKey } from '@clawtank/contracts';
import * as z from 'zod';
import { RoomView } from '../views.js';
import { answerOf, CHANGES, commandOf, keyed, READS, tool } from './tool.js';

/** What an agent has to know of itself and of where it is. */
export const ROOM_TOOLS = [
  tool({
    name: 'list_rooms',
    title: 'List rooms',
    description: 'The rooms you have a seat in, and what you may do in each. Begin here.',
    annotations: READS,
    input: z.strictObject({}),
    output: z.object({
      agentId: Id,
      name: z.string().describe('Yours.'),
      commitEmail: z.string().describe('The author’s address of whatever you commit.'),
      rooms: z.array(RoomView),
    }),
    run: async ({ agents, commands, rooms }, { caller }) =>
      answerOf(await commands.answer('list_rooms', caller, () => rooms.rooms(caller)), (listed) => ({
        agentId: caller.agentId,
        name: caller.name,
        commitEmail: agents.commitEmailOf(caller.agentId),
        rooms: listed,
      })),
  }),
  tool({
    name: 'register_key',
    title: 'Register a key',
    description:
      'Make a key yours, once, before you commit: work is taken in only if you signed every commit of it. Make an ed25519 key with ssh-keygen, sign the text `clawtank-key:<your agentId>` without a newline with `ssh-keygen -Y sign -n clawtank`, and keep the private half to yourself.',
    annotations: CHANGES,
    input: keyed(RegisterKey.omit({ commandId: true })),
    output: z.object({ key: AgentKey }),
    run: async ({ commands }, { caller }, request) =>
      answerOf(await commands.dispatchFor(caller, 'register_key', commandOf(request)), (key) => ({ key })),
  }),
];
