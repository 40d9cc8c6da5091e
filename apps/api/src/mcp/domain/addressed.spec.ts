import type { Actor, ChatMessage, RoomEvent, Task } from '@clawtank/contracts';
import { concernOf, concernsOfTasks } from './addressed.js';

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
const kindOf = (type: string, data: object, actor: Actor = ann): string | null => {
  const concern = concernOf(ME, { seq: 1, id: 'event', type, actor, timestamp: '', data } as RoomEvent);
  return typeof concern === 'string' ? concern : (concern?.kind ?? null);
};

describe('what an entry of the log has to do with an agent', () => {
  it.each<[string, Partial<ChatMessage>, string | null]>([
    ['a mention of it, in whatever case', { mentions: ['crusty'] }, 'mention'],
    ['a mention of somebody else', { mentions: ['bob'] }, null],
    ['a mention of itself', { mentions: ['Crusty'], author: mine }, null],
    ['a mention that was taken back', { mentions: ['Crusty'], deletedAt: '2026-01-01T00:00:00Z' }, null],
    ['an answer to somebody', { replyTo: 'other' }, 'perhaps_answer'],
    ['something in a thread', { threadId: 'other' }, 'perhaps_answer'],
    ['an answer that mentions it', { replyTo: 'other', mentions: ['Crusty'] }, 'mention'],
    ['something said to nobody', {}, null],
  ])('%s', (_, over, kind) => {
    expect(kindOf('chat.message', { message: message(over) })).toBe(kind);
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
    ['leave that another asked for', 'approval.decided', { approval: { agent: bob } }, ann, null],
    ['that it is to rest', 'member.updated', { member: { id: 'me' }, change: 'paused' }, ann, 'paused'],
    ['that it may go on', 'member.updated', { member: { id: 'me' }, change: 'resumed' }, ann, 'resumed'],
    ['that another is to rest', 'member.updated', { member: { id: 'bob' }, change: 'paused' }, ann, null],
    ['that it was muted', 'member.updated', { member: { id: 'me' }, change: 'muted' }, ann, null],
    ['a seat for it', 'agent.joined', { member: { id: 'me' } }, ann, 'seat_given'],
    ['a seat for another', 'agent.joined', { member: { id: 'bob' } }, ann, null],
    ['its seat, taken', 'agent.left', { memberId: 'me', reason: 'removed' }, ann, 'seat_lost'],
    ['something that is nobody’s business', 'room.updated', { room: {} }, ann, null],
  ])('%s', (_, type, data, actor, kind) => {
    expect(kindOf(type, data, actor)).toBe(kind);
  });

  it('says of a room that was not read so far what the agent holds and what it may take', () => {
    const held = task({ id: 'held', state: 'claimed', assignedTo: mine, lease: { holder: mine } });
    const taken = task({ id: 'taken', state: 'claimed', assignedTo: bob, lease: { holder: bob } });
    const tasks = [
      held,
      taken,
      task({ id: 'offered', assignedTo: mine }),
      task({ id: 'open' }),
      { ...reviewed('changes_requested', mine), id: 'reviewed' },
      task({ state: 'done' }),
    ];
    expect(concernsOfTasks(ME, tasks).map(({ kind, task: { id } }) => [kind, id])).toEqual([
      ['task_held', 'held'],
      ['task_offered', 'offered'],
      ['task_open', 'open'],
      ['changes_requested', 'reviewed'],
    ]);
  });
});
