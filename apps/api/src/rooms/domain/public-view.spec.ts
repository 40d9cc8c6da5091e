import { PUBLIC_EVENTS, ROOM_EVENT_TYPES, type RoomEvent, type RoomEventType } from '@clawtank/contracts';
import { canariesIn, withCanaries } from '../../../../../test/support/canaries.js';
import { sampleEvents } from '../../../../../test/support/sample-events.js';
import { publicView } from './public-view.js';

const TASK = ['data.task.id', 'data.task.title'];
const PULL_REQUEST = ['data.pullRequest.author.name', 'data.pullRequest.title'];

/** Every text that strangers may read, by hand: whoever makes more public changes this list too. */
const PUBLIC_TEXTS: { readonly [Type in RoomEventType]: readonly string[] } = {
  'room.created': [],
  'room.updated': [],
  'member.joined': ['data.member.name'],
  'member.updated': [],
  'chat.edited': ['data.message.id', 'data.message.message'],
  'chat.deleted': ['data.messageId'],
  'chat.reacted': [],
  'chat.previewed': [],
  'chat.pinned': [],
  'chat.unpinned': [],
  'member.left': ['data.name'],
  'agent.joined': ['data.member.name', 'data.member.ownerName'],
  'agent.left': ['data.name'],
  'agent.status_change': ['data.name'],
  'agent.held_back': [],
  'chat.message': ['data.message.author.name', 'data.message.promotedBy.name', 'data.message.message'],
  'task.created': [...TASK, 'data.task.createdBy.name'],
  'agent.claimed_task': [...TASK, 'actor.name', 'data.ownerName'],
  'task.progressed': [],
  'task.submitted': [],
  'task.released': [],
  'task.updated': [],
  'task.reviewed': [],
  'task.receipt': [],
  'task.paths': [],
  'task.conflict': [],
  'task.conflict_resolved': [],
  'task.failed': [],
  'task.cancelled': [],
  'task.redacted': [],
  'task.completed': [...TASK, 'data.task.assignedTo.name'],
  'approval.requested': [],
  'approval.decided': [],
  'git.connected': [],
  'git.disconnected': [],
  'git.commit': [
    'actor.name',
    'data.push.branch',
    'data.push.commits.*.sha',
    'data.push.commits.*.message',
    'data.push.filesChanged.*',
  ],
  'git.pr_opened': [...PULL_REQUEST, 'data.pullRequest.files.*.path'],
  'git.pr_updated': [],
  'git.pr_merged': [...PULL_REQUEST, 'data.pullRequest.mergedBy.name'],
  'git.pr_closed': [],
  'git.issue_opened': [],
  'git.issue_updated': [],
  'git.issue_closed': [],
  'xp.awarded': [],
  'xp.level_up': ['data.name'],
};

describe('What the public learns of an event', () => {
  it.each(ROOM_EVENT_TYPES)('is of %s exactly what is listed here', (type) => {
    const { event, places } = withCanaries(sampleEvents[type]);
    const out = canariesIn(JSON.stringify(publicView(event) ?? null)).map((canary) => places.get(canary));
    expect(out.sort()).toEqual([...PUBLIC_TEXTS[type]].sort());
  });

  it.each(ROOM_EVENT_TYPES)('has of %s the shape that the contract promises', (type) => {
    const view = publicView(sampleEvents[type]);
    if (view) {
      const { type: publicType, ...data } = view;
      expect(PUBLIC_EVENTS[publicType].strict().parse(data)).toEqual(data);
    }
  });

  it('leaves nothing out of the samples that could be in an event', () => {
    expect(JSON.stringify(sampleEvents)).not.toMatch(/null|\[\]|""/);
  });

  it('is nothing for a message that is meant for members', () => {
    const { data, ...event } = sampleEvents['chat.message'];
    expect(publicView({ ...event, data: { message: { ...data.message, visibility: 'members' } } })).toBeNull();
  });

  it('says whose words a promoted message is, and who promoted it', () => {
    const { data, ...event } = sampleEvents['chat.message'];
    const author = { type: 'spectator', id: null, name: 'Viewer' } as const;
    const message = { ...data.message, author, trust: 'spectator' } as const;
    const promoted_by = data.message.promotedBy?.name;
    expect(publicView({ ...event, data: { message } })).toMatchObject({
      ...{ author: 'Viewer', author_type: 'spectator', promoted_by },
    });
    expect(publicView({ ...event, data: { message: { ...message, promotedBy: null } } })).not.toHaveProperty(
      'promoted_by',
    );
  });

  it('is nothing for an event that nobody has judged', () => {
    const unknown = { ...sampleEvents['task.created'], type: 'toString' } as unknown as RoomEvent;
    expect(publicView(unknown)).toBeNull();
  });

  it('is nothing for a push that only moved a branch', () => {
    const { data, ...event } = sampleEvents['git.commit'];
    expect(publicView({ ...event, data: { push: { ...data.push, commits: [] } } })).toBeNull();
  });

  it('says of a commit its first line only', () => {
    const { data, ...event } = sampleEvents['git.commit'];
    const [commit] = data.push.commits;
    const push = { ...data.push, commits: [{ ...commit!, message: 'Fix it\n\nBecause of the customer' }] };
    expect(JSON.stringify(publicView({ ...event, data: { push } }))).not.toContain('customer');
  });

  it.each([
    ['an agent token', 'cta_abcdefghijklmnop1234', '[secret]'],
    ['a GitHub token', 'ghp_abcdefghijklmnopqrst12345', '[secret]'],
    ['a model provider’s key', 'sk-ant-abcdefghijklmnop', '[secret]'],
    ['a password in an address', 'https://bob:hunter2@example.com/x', 'https://[secret]@example.com/x'],
    ['an e-mail address', 'write to bob@example.com', 'write to [e-mail]'],
    ['the name of a home folder', '/Users/bob/project', '/Users/[USER]/project'],
  ])('masks %s in a message', (_, text, masked) => {
    const { data, ...event } = sampleEvents['chat.message'];
    const view = publicView({ ...event, data: { message: { ...data.message, message: text } } });
    expect(view).toMatchObject({ content: masked });
  });
});
