import type { Actor, ChatMessage, RoomEvent, Task } from '@clawtank/contracts';
import { addressesOf, wantedFor } from './addressing.js';

const ME = { id: 'me', name: 'Crusty' };
const mine: Actor = { type: 'agent', ...ME };
const ann: Actor = { type: 'human', id: 'ann', name: 'ann' };

const task = (over: Partial<Task> = {}): Task =>
  ({ id: 'task', state: 'open', assignedTo: null, lease: null, failure: null, createdBy: ann, ...over }) as Task;
const reviewed = (verdict: 'approved' | 'changes_requested', assignedTo: Actor): Task =>
  task({ state: verdict, assignedTo, review: { verdict } as Task['review'] });
const message = (over: Partial<ChatMessage> = {}): ChatMessage =>
  ({
    id: 'message',
    author: ann,
    mentions: [],
    replyTo: null,
    threadId: null,
    deletedAt: null,
    ...over,
  }) as unknown as ChatMessage;
const eventOf = (type: string, data: object, actor: Actor = ann): RoomEvent =>
  ({ seq: 1, id: 'event', type, actor, timestamp: '', data }) as RoomEvent;
const kindOf = (event: RoomEvent, answered: readonly string[] = []): string | null => {
  const agents = wantedFor(event).agents ? [ME, { id: 'bob', name: 'bob' }] : [];
  return addressesOf(event, agents, new Set(answered)).find(({ agentId }) => agentId === ME.id)?.kind ?? null;
};

describe('whom an entry of the log is meant for', () => {
  it.each<[string, Partial<ChatMessage>, string | null]>([
    ['a mention of it, in whatever case', { mentions: ['crusty'] }, 'mention'],
    ['a mention of somebody else', { mentions: ['bob'] }, null],
    ['a mention of itself', { mentions: ['Crusty'], author: mine }, null],
    ['a mention that was taken back', { mentions: ['Crusty'], deletedAt: '2026-01-01T00:00:00Z' }, null],
    ['a call to everybody', { mentionsHere: true }, 'here'],
    ['its own call to everybody', { mentionsHere: true, author: mine }, null],
    ['a call to everybody that names it', { mentionsHere: true, mentions: ['Crusty'] }, 'mention'],
    ['an answer to somebody else', { replyTo: 'other' }, null],
    ['something said to nobody', {}, null],
  ])('%s', (_, over, kind) => {
    expect(kindOf(eventOf('chat.message', { message: message(over) }))).toBe(kind);
  });

  it.each<[string, Partial<ChatMessage>, string | null]>([
    ['an answer to what it said', { replyTo: 'mine' }, 'answer'],
    ['something in a thread in which it spoke', { threadId: 'mine' }, 'answer'],
    ['an answer that calls everybody', { replyTo: 'mine', mentionsHere: true }, 'answer'],
    ['an answer that names it', { replyTo: 'mine', mentions: ['Crusty'] }, 'mention'],
    ['its own answer to itself', { replyTo: 'mine', author: mine }, null],
  ])('%s', (_, over, kind) => {
    expect(kindOf(eventOf('chat.message', { message: message(over) }), [ME.id])).toBe(kind);
  });

  it('is not looked up for what can address nobody', () => {
    expect(wantedFor(eventOf('chat.message', { message: message() }))).toEqual({ agents: false, answered: false });
    expect(wantedFor(eventOf('chat.reacted', {}))).toEqual({ agents: false, answered: false });
    expect(wantedFor(eventOf('room.updated', { room: {} }))).toEqual({ agents: false, answered: false });
  });

  const bob: Actor = { type: 'agent', id: 'bob', name: 'bob' };
  it.each<[string, string, object, Actor, string | null]>([
    ['a task for it', 'task.created', { task: task({ assignedTo: mine }) }, ann, 'task_offered'],
    ['a task for whoever claims it', 'task.created', { task: task() }, ann, 'task_open'],
    ['a task for another', 'task.created', { task: task({ assignedTo: bob }) }, ann, null],
    [
      'a task that another gave back',
      'task.released',
      { task: task(), reason: 'released', note: '' },
      bob,
      'task_open',
    ],
    ['a task that it gave back', 'task.released', { task: task(), reason: 'released', note: '' }, mine, null],
    [
      'a lease of its own that ran out',
      'task.released',
      { task: task({ assignedTo: mine }), reason: 'lease_expired', note: 'silent' },
      ann,
      'lease_lost',
    ],
    [
      'a lease of another that ran out',
      'task.released',
      { task: task({ assignedTo: bob }), reason: 'lease_expired', note: 'silent' },
      ann,
      null,
    ],
    ['a task that another could not do', 'task.failed', { task: task() }, bob, 'task_open'],
    ['a task that nobody can do', 'task.failed', { task: task({ state: 'failed' }) }, bob, null],
    [
      'its task, cancelled',
      'task.cancelled',
      { task: task({ state: 'cancelled', assignedTo: mine }) },
      ann,
      'task_cancelled',
    ],
    ['another’s task, cancelled', 'task.cancelled', { task: task({ state: 'cancelled', assignedTo: bob }) }, ann, null],
    ['its task, done', 'task.completed', { task: task({ state: 'done', assignedTo: mine }) }, ann, 'task_completed'],
    [
      'a change of the task it holds',
      'task.updated',
      { task: task({ state: 'claimed', lease: { holder: mine } }) },
      ann,
      'task_updated',
    ],
    ['a task that is its now', 'task.updated', { task: task({ assignedTo: mine }) }, ann, 'task_offered'],
    ['a change of another’s task', 'task.updated', { task: task({ assignedTo: bob }) }, ann, null],
    [
      'what is missing in its work',
      'task.reviewed',
      { task: reviewed('changes_requested', mine) },
      ann,
      'changes_requested',
    ],
    ['that its work is good', 'task.reviewed', { task: reviewed('approved', mine) }, ann, 'work_approved'],
    ['that another’s work is good', 'task.reviewed', { task: reviewed('approved', bob) }, ann, null],
    [
      'that an approval was taken back by a push',
      'task.reviewed',
      { task: task({ assignedTo: mine, review: null }) },
      ann,
      null,
    ],
    ['leave that it asked for', 'approval.decided', { approval: { agent: mine } }, ann, 'approval_decided'],
    ['leave that it needs no more', 'approval.decided', { approval: { agent: mine, state: 'withdrawn' } }, mine, null],
    ['leave that another asked for', 'approval.decided', { approval: { agent: bob } }, ann, null],
    ['that it is to rest', 'member.updated', { member: { id: 'me', type: 'agent' }, change: 'paused' }, ann, 'paused'],
    ['that it may go on', 'member.updated', { member: { id: 'me', type: 'agent' }, change: 'resumed' }, ann, 'resumed'],
    [
      'that another is to rest',
      'member.updated',
      { member: { id: 'bob', type: 'agent' }, change: 'paused' },
      ann,
      null,
    ],
    ['that it was muted', 'member.updated', { member: { id: 'me', type: 'agent' }, change: 'muted' }, ann, null],
    ['a seat for it', 'agent.joined', { member: { id: 'me' } }, ann, 'seat_given'],
    ['a seat for another', 'agent.joined', { member: { id: 'bob' } }, ann, null],
    ['its seat, taken', 'agent.left', { memberId: 'me', reason: 'removed' }, ann, 'seat_lost'],
    ['that all agents are to rest', 'room.updated', { room: {}, change: 'agents_paused' }, ann, 'paused'],
    ['that all agents may go on', 'room.updated', { room: {}, change: 'agents_resumed' }, ann, 'resumed'],
    ['something that is nobody’s business', 'room.updated', { room: {} }, ann, null],
  ])('%s', (_, type, data, actor, kind) => {
    expect(kindOf(eventOf(type, data, actor))).toBe(kind);
  });
});
