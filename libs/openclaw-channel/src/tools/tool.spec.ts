import { describe, expect, it } from '@jest/globals';
import type { AgentLine } from '../agent-line.js';
import { ROOM_TOOLS } from './room-tools.js';
import { TASK_TOOLS } from './task-tools.js';
import { asAgentTool, type Lines } from './tool.js';

const REEF = '00000000-0000-4000-8000-00000000000a';
const LAGOON = '00000000-0000-4000-8000-00000000000b';
const TASK = '00000000-0000-4000-8000-00000000000c';

const said: unknown[] = [];
const LINE = {
  openClawAgent: 'main',
  room: (id: string) => (id === REEF || id === LAGOON ? { id, state: { tasks: [] } } : null),
  desk: { inHand: () => ({ session: { assignment: { roomId: REEF } }, release: async () => said.push('released') }) },
  mouth: { say: async (...words: unknown[]) => said.push(words) && ['m1'] },
} as unknown as AgentLine;

const ALONE = new Map([['default', LINE]]);

function use(
  name: string,
  sessionKey: string,
  input: object,
  lines: Lines = ALONE,
  agentId = 'main',
): Promise<unknown> {
  const definition = [...ROOM_TOOLS, ...TASK_TOOLS].find((one) => one.name === name);
  if (!definition) {
    throw new Error(`There is no tool ${name}`);
  }
  const tool = asAgentTool(definition, { sessionKey, agentId }, () => lines);
  return tool.execute('call-1', input).then(({ details }) => details);
}

describe('a tool', () => {
  it('reaches from a conversation only the room it belongs to', async () => {
    const inReef = `agent:main:clawtank:channel:room:${REEF}`;
    said.length = 0;
    expect(await use('post_message', inReef, { roomId: LAGOON, text: 'hi' })).toMatchObject({ error: 'not_done' });
    expect(
      await use('list_tasks', `agent:main:clawtank:channel:direct:${REEF}:${TASK}`, { roomId: LAGOON }),
    ).toMatchObject({
      error: 'not_done',
    });
    const inLagoon = `agent:main:clawtank:channel:task:${LAGOON}:${TASK}`;
    expect(await use('release_task', inLagoon, { taskId: TASK, reason: '' })).toMatchObject({ error: 'not_done' });
    expect(said).toEqual([]);
    expect(await use('post_message', inReef, { roomId: REEF, text: 'hi' })).toEqual({ posted: true, messageId: 'm1' });
  });

  it('reaches every room from its owner’s own conversation, and none without a seat', async () => {
    expect(await use('post_message', 'agent:main:main', { roomId: LAGOON, text: 'hi' })).toMatchObject({
      posted: true,
    });
    expect(await use('list_tasks', 'agent:main:main', { roomId: TASK })).toMatchObject({ error: 'not_done' });
  });

  it('speaks as whoever the conversation belongs to, and elsewhere as the agent that has a seat in the room', async () => {
    const speaker = (name: string, seat: string, openClawAgent = 'main'): AgentLine =>
      ({
        openClawAgent,
        room: (id: string) => (id === seat ? { id, state: { tasks: [] } } : null),
        mouth: { say: async () => [name] },
      }) as unknown as AgentLine;
    const lines = new Map([
      ['day', speaker('day', REEF)],
      ['night', speaker('night', LAGOON)],
      ['other', speaker('other', TASK, 'another')],
    ]);
    const post = (sessionKey: string, roomId: string) => use('post_message', sessionKey, { roomId, text: 'hi' }, lines);
    expect(await post(`agent:main:clawtank:channel:room:${LAGOON}:as:night`, LAGOON)).toMatchObject({
      messageId: 'night',
    });
    expect(await post(`agent:main:clawtank:channel:room:${LAGOON}:as:day`, LAGOON)).toMatchObject({
      error: 'not_done',
    });
    expect(await post('agent:main:main', LAGOON)).toMatchObject({ messageId: 'night' });
    expect(await post('agent:main:main', TASK)).toMatchObject({ error: 'not_done' });
  });

  it('says what is wrong instead of throwing', async () => {
    expect(await use('list_tasks', '', { roomId: 'reef' })).toMatchObject({ error: 'invalid_input' });
    expect(await use('list_rooms', '', {}, new Map())).toMatchObject({ error: 'not_connected' });
  });
});
