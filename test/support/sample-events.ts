import { randomUUID } from 'node:crypto';
import type {
  Actor,
  AgentLimits,
  Approval,
  ChangedFile,
  ChatMessage,
  Issue,
  Member,
  PullRequest,
  RepositoryView,
  RoomEventOf,
  RoomEventType,
  RoomInfo,
  Task,
  TaskConflict,
} from '@clawtank/contracts';

const TIME = '2026-02-17T21:03:00.000Z';

const person: Actor = { type: 'human', id: randomUUID(), name: 'alice' };
const agent: Actor = { type: 'agent', id: randomUUID(), name: 'scribe' };
const webhook: Actor = { type: 'webhook', id: randomUUID(), name: 'octocat' };
const system: Actor = { type: 'system', id: randomUUID(), name: 'ClawTank' };

const repository: RepositoryView = {
  provider: 'clawtank',
  repoId: 'repo-1',
  cloneUrl: '/git/room.git',
  webUrl: 'https://git.example/room',
  defaultBranch: 'main',
};

const limits: AgentLimits = {
  commands: ['talk'],
  paths: ['secret/**'],
  messagesPerHour: 600,
  mentionsPerHour: 60,
  tasksPerHour: 30,
  parallelTasks: 3,
};

const room: RoomInfo = {
  id: randomUUID(),
  name: 'A room',
  description: 'What it is for',
  visibility: 'public',
  createdBy: randomUUID(),
  createdAt: TIME,
  gitRepo: '/git/room.git',
  repository,
  settings: {
    maxMembers: 20,
    autoMergeEnabled: false,
    spectatorAllowed: true,
    gitIntegration: true,
    slowModeSeconds: 5,
    spectatorChat: 'interactive',
    linkPreviews: true,
    agentsPaused: true,
    agentLimits: limits,
    maxAgentTurns: 8,
  },
  language: 'typescript',
  topics: ['web-sockets'],
  archivedAt: TIME,
};

const member: Member = {
  id: randomUUID(),
  type: 'agent',
  userId: randomUUID(),
  name: 'scribe',
  avatarUrl: 'https://pictures.example/scribe.png',
  role: 'member',
  permissions: ['chat'],
  joinedAt: TIME,
  mutedUntil: TIME,
  pausedAt: TIME,
  ownerName: 'alice',
  agent: { status: 'working', currentTask: 'Task 7', reportedAt: TIME },
  limits: { byOwner: limits, byRoom: limits },
};

const message: ChatMessage = {
  type: 'chat_message',
  id: randomUUID(),
  roomId: room.id,
  seq: 1,
  userId: randomUUID(),
  author: person,
  promotedBy: person,
  spectatorMessageId: randomUUID(),
  message: 'Let us build a tool',
  mentions: ['scribe'],
  visibility: 'public',
  trust: 'member',
  mentionsHere: true,
  replyTo: randomUUID(),
  threadId: randomUUID(),
  thread: { replies: 2, lastReplyAt: TIME },
  attachments: [
    {
      id: randomUUID(),
      kind: 'image',
      name: 'screen.png',
      mediaType: 'image/png',
      bytes: 1234,
      width: 640,
      height: 480,
      url: '/files/secret/screen.png',
    },
  ],
  preview: {
    url: 'https://docs.example/guide',
    title: 'A guide',
    description: 'To everything',
    site: 'Docs',
  },
  reactions: [{ emoji: '👍', memberIds: [randomUUID()] }],
  clientMessageId: 'client-message-1',
  timestamp: TIME,
  editedAt: TIME,
  deletedAt: TIME,
  pinnedAt: TIME,
};

const task: Task = {
  id: randomUUID(),
  roomId: room.id,
  number: 7,
  title: 'Create the scaffold',
  description: 'In full',
  state: 'in_progress',
  priority: 'medium',
  deadline: TIME,
  createdBy: person,
  assignedTo: agent,
  lease: { holder: agent },
  progress: { note: 'Half way', percent: 50, at: TIME },
  branch: 'task-7',
  receipt: { offeredAt: TIME, deliveredAt: TIME, acknowledgedAt: TIME, wokenAt: TIME },
  submittedSha: 'c'.repeat(40),
  review: {
    verdict: 'approved',
    by: person,
    sha: 'c'.repeat(40),
    comment: 'Well done',
    remarks: [{ path: 'src/cli.py', line: 3, text: 'A better name?' }],
    at: TIME,
  },
  parentId: randomUUID(),
  dependsOn: [randomUUID()],
  pullRequest: 3,
  failure: 'It broke',
  waitsUntil: TIME,
  sourceMessageId: randomUUID(),
  issue: {
    id: randomUUID(),
    provider: 'github',
    number: 12,
    title: 'It does not start',
    url: 'https://github.com/octo/tank/issues/12',
    state: 'closed',
  },
  createdAt: TIME,
  updatedAt: TIME,
};

const file: ChangedFile = {
  path: 'src/cli.py',
  previousPath: 'src/old.py',
  status: 'renamed',
  additions: 5,
  deletions: 1,
  binary: false,
};

const pullRequest: PullRequest = {
  id: randomUUID(),
  roomId: room.id,
  number: 3,
  provider: 'clawtank',
  title: 'Add the scaffold',
  body: 'Why and how',
  state: 'open',
  head: 'task-7',
  base: 'main',
  headSha: 'a'.repeat(40),
  mergeSha: 'b'.repeat(40),
  author: agent,
  taskId: randomUUID(),
  url: 'https://git.example/room/pull/3',
  files: [file],
  additions: 5,
  deletions: 1,
  commits: 1,
  mergeability: { state: 'conflict', conflicts: ['src/cli.py'] },
  mergedBy: person,
  autoMerge: {
    sha: 'c'.repeat(40),
    approvedBy: person,
    state: 'refused',
    obstacle: 'rules',
    message: 'At least one check is required',
    at: TIME,
  },
  createdAt: TIME,
  updatedAt: TIME,
  mergedAt: TIME,
};

const approval: Approval = {
  id: randomUUID(),
  roomId: room.id,
  taskId: task.id,
  taskNumber: task.number,
  approvalId: 'step-1',
  agent,
  owner: person,
  kind: 'execute',
  title: 'Publish it',
  detail: 'npm publish --access public',
  state: 'approved',
  decidedBy: person,
  note: 'Go ahead',
  requestedAt: TIME,
  decidedAt: TIME,
};

const issue: Issue = {
  id: randomUUID(),
  roomId: room.id,
  provider: 'github',
  number: 12,
  title: 'It does not start',
  state: 'open',
  labels: ['bug'],
  author: webhook,
  url: 'https://github.com/octo/tank/issues/12',
  createdAt: TIME,
  updatedAt: TIME,
};

const bothTasks: TaskConflict['tasks'] = [
  { taskId: task.id, number: task.number },
  { taskId: randomUUID(), number: 8 },
];

const DATA: { readonly [Type in RoomEventType]: Pick<RoomEventOf<Type>, 'actor' | 'data'> } = {
  'room.created': { actor: person, data: { room } },
  'room.updated': { actor: person, data: { room } },
  'member.joined': { actor: person, data: { member } },
  'member.left': { actor: person, data: { memberId: randomUUID(), name: 'alice', reason: 'left' } },
  'member.updated': { actor: person, data: { member, change: 'role' } },
  'agent.joined': { actor: person, data: { member } },
  'agent.left': { actor: agent, data: { memberId: randomUUID(), name: 'scribe', reason: 'left' } },
  'agent.status_change': {
    actor: agent,
    data: {
      memberId: randomUUID(),
      name: 'scribe',
      state: { status: 'working', currentTask: 'Task 7', reportedAt: TIME },
    },
  },
  'agent.held_back': {
    actor: system,
    data: { memberId: randomUUID(), name: 'scribe', reason: 'mentions_per_hour' },
  },
  'chat.message': { actor: person, data: { message } },
  'chat.edited': { actor: person, data: { message } },
  'chat.deleted': {
    actor: person,
    data: { messageId: randomUUID(), threadId: randomUUID(), thread: { replies: 1, lastReplyAt: TIME } },
  },
  'chat.reacted': {
    actor: person,
    data: { messageId: randomUUID(), reactions: [{ emoji: '🎉', memberIds: [randomUUID()] }] },
  },
  'chat.previewed': { actor: system, data: { messageId: randomUUID(), preview: message.preview } },
  'chat.pinned': { actor: person, data: { messageId: randomUUID(), pinnedAt: TIME } },
  'chat.unpinned': { actor: person, data: { messageId: randomUUID() } },
  'task.created': { actor: person, data: { task } },
  'agent.claimed_task': { actor: agent, data: { task, ownerName: 'alice' } },
  'task.progressed': { actor: agent, data: { task } },
  'task.submitted': { actor: agent, data: { task } },
  'task.released': { actor: agent, data: { task, reason: 'released', note: 'Something else came up' } },
  'task.updated': { actor: person, data: { task, issue: 'closed' } },
  'task.reviewed': { actor: person, data: { task } },
  'task.receipt': {
    actor: agent,
    data: {
      taskId: task.id,
      receipt: { offeredAt: TIME, deliveredAt: TIME, acknowledgedAt: TIME, wokenAt: TIME },
      updatedAt: TIME,
    },
  },
  'task.paths': {
    actor: agent,
    data: {
      paths: {
        taskId: task.id,
        claim: { by: agent, paths: ['src/**/*.py'] },
        changes: { branch: 'task-7', head: 'd'.repeat(40), paths: ['src/cli.py'], total: 1 },
      },
    },
  },
  'task.conflict': {
    actor: system,
    data: { conflict: { tasks: bothTasks, kind: 'touched', paths: ['src/cli.py'], total: 1 } },
  },
  'task.conflict_resolved': { actor: system, data: { tasks: bothTasks } },
  'task.failed': { actor: agent, data: { task } },
  'task.cancelled': { actor: person, data: { task } },
  'task.completed': { actor: person, data: { task } },
  'task.redacted': { actor: system, data: { task } },
  'approval.requested': { actor: agent, data: { approval } },
  'approval.decided': { actor: person, data: { approval } },
  'git.connected': { actor: person, data: { repository } },
  'git.disconnected': { actor: person, data: { provider: 'github', repository } },
  'git.commit': {
    actor: webhook,
    data: {
      push: {
        branch: 'task-7',
        before: 'c'.repeat(40),
        after: 'd'.repeat(40),
        forced: false,
        totalCommits: 1,
        commits: [{ sha: 'd'.repeat(40), message: 'Add the scaffold', authorClaim: 'Alice', timestamp: TIME }],
        filesChanged: ['src/cli.py'],
      },
    },
  },
  'git.pr_opened': { actor: agent, data: { pullRequest } },
  'git.pr_updated': { actor: agent, data: { pullRequest } },
  'git.pr_merged': { actor: person, data: { pullRequest } },
  'git.pr_closed': { actor: person, data: { pullRequest } },
  'git.issue_opened': { actor: webhook, data: { issue } },
  'git.issue_updated': { actor: webhook, data: { issue } },
  'git.issue_closed': { actor: webhook, data: { issue } },
  'xp.awarded': {
    actor: system,
    data: { userId: randomUUID(), name: 'alice', amount: 10, reason: 'Merged', totalXP: 10, level: 1 },
  },
  'xp.level_up': { actor: system, data: { userId: randomUUID(), name: 'alice', level: 2 } },
};

/** One event of every type, with nothing left out that could be there. Does not compile while a type is missing. */
export const sampleEvents = Object.fromEntries(
  Object.entries(DATA).map(([type, { actor, data }], index) => [
    type,
    { seq: index + 1, id: randomUUID(), type, actor, timestamp: TIME, data },
  ]),
) as { readonly [Type in RoomEventType]: RoomEventOf<Type> };
