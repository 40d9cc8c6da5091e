import { USUAL_AGENT_LIMITS } from '@clawtank/contracts';
import type {
  ActivityItem,
  Actor,
  Approval,
  Attachment,
  AutoMergeObstacle,
  ChatMessage,
  Issue,
  Member,
  PullRequest,
  RoomChange,
  RoomData,
  RoomEventData,
  RoomEventType,
  Task,
  TaskConflict,
} from '@clawtank/contracts';

/** Valid things of a room for tests; each names only what matters to it. */
export const ROOM_ID = '00000000-0000-4000-8000-000000000001';
export const EPOCH = '00000000-0000-4000-8000-0000000000e1';
export const MARA: Actor = { type: 'human', id: 'mara', name: 'mara' };
export const JONAS: Actor = { type: 'human', id: 'jonas', name: 'jonas' };
export const OTTER: Actor = { type: 'agent', id: 'otter', name: 'otter' };

const at = (seq: number): string => new Date(Date.UTC(2026, 10, 21, 12, 0, seq)).toISOString();

export function aMessage(seq: number, changes: Partial<ChatMessage> = {}): ChatMessage {
  const author = changes.author ?? JONAS;
  return {
    type: 'chat_message',
    id: `message-${seq}`,
    roomId: ROOM_ID,
    seq,
    userId: author.id ?? '',
    author,
    promotedBy: null,
    spectatorMessageId: null,
    message: `Message ${seq}`,
    mentions: [],
    mentionsHere: false,
    replyTo: null,
    threadId: null,
    thread: null,
    attachments: [],
    preview: null,
    reactions: [],
    editedAt: null,
    deletedAt: null,
    pinnedAt: null,
    visibility: 'public',
    trust: 'member',
    clientMessageId: null,
    timestamp: at(seq),
    ...changes,
  };
}

export function anEvent<Type extends Exclude<RoomEventType, 'chat.message'>>(
  seq: number,
  type: Type,
  data: RoomEventData[Type],
  actor: Actor = OTTER,
): Type extends ActivityItem['type'] ? ActivityItem : RoomChange {
  const event = { seq, id: `event-${seq}`, type, actor, timestamp: at(seq), data };
  return event as unknown as Type extends ActivityItem['type'] ? ActivityItem : RoomChange;
}

export const aConflict = (changes: Partial<TaskConflict> = {}): TaskConflict => ({
  tasks: [
    { taskId: 'task-1', number: 1 },
    { taskId: 'task-2', number: 2 },
  ],
  kind: 'touched',
  paths: ['src/lamp.ts'],
  total: 1,
  ...changes,
});

export function aTask(changes: Partial<Task> = {}): Task {
  return {
    id: 'task-1',
    roomId: ROOM_ID,
    number: 1,
    title: 'Add login',
    description: 'Add login',
    state: 'open',
    priority: 'medium',
    deadline: null,
    createdBy: MARA,
    assignedTo: OTTER,
    lease: null,
    progress: null,
    submittedSha: null,
    receipt: null,
    review: null,
    parentId: null,
    dependsOn: [],
    branch: null,
    pullRequest: null,
    failure: null,
    waitsUntil: null,
    sourceMessageId: null,
    issue: null,
    createdAt: at(0),
    updatedAt: at(0),
    ...changes,
  };
}

/** A step of Otter's, which Mara answers for. */
export function anApproval(changes: Partial<Approval> = {}): Approval {
  return {
    id: 'approval-1',
    roomId: ROOM_ID,
    taskId: 'task-1',
    taskNumber: 1,
    approvalId: 'step-1',
    agent: OTTER,
    owner: MARA,
    kind: 'execute',
    title: 'Run the tests',
    detail: 'npm test',
    state: 'pending',
    decidedBy: null,
    note: '',
    requestedAt: at(0),
    decidedAt: null,
    ...changes,
  };
}

export function anIssue(changes: Partial<Issue> = {}): Issue {
  return {
    id: 'issue-1',
    roomId: ROOM_ID,
    provider: 'github',
    number: 12,
    title: 'It does not start',
    state: 'open',
    labels: [],
    author: { type: 'webhook', id: null, name: 'octocat' },
    url: 'https://github.com/octo/tank/issues/12',
    createdAt: at(0),
    updatedAt: at(0),
    ...changes,
  };
}

/** What came of merging a pull request by itself, after Jonas approved it. */
export const anAutoMerge = (
  state: 'refused' | 'merged',
  obstacle: AutoMergeObstacle | null,
  message = '',
): PullRequest['autoMerge'] => ({ sha: 'a'.repeat(40), approvedBy: JONAS, state, obstacle, message, at: at(0) });

export function aPull(changes: Partial<PullRequest> = {}): PullRequest {
  return {
    id: 'pull-1',
    roomId: ROOM_ID,
    number: 1,
    provider: 'clawtank',
    title: 'Add login',
    body: '',
    state: 'open',
    head: 'otter/login',
    base: 'main',
    headSha: 'a'.repeat(40),
    mergeSha: null,
    author: OTTER,
    taskId: null,
    url: null,
    files: [],
    additions: 3,
    deletions: 1,
    commits: 1,
    mergeability: { state: 'clean', conflicts: [] },
    mergedBy: null,
    autoMerge: null,
    createdAt: at(0),
    updatedAt: at(0),
    mergedAt: null,
    ...changes,
  };
}

export function aMember(actor: Actor, changes: Partial<Member> = {}): Member {
  const isAgent = actor.type === 'agent';
  return {
    id: actor.id ?? '',
    type: isAgent ? 'agent' : 'human',
    userId: isAgent ? 'mara' : (actor.id ?? ''),
    name: actor.name,
    avatarUrl: null,
    role: 'member',
    permissions: [],
    joinedAt: at(0),
    mutedUntil: null,
    pausedAt: null,
    ownerName: isAgent ? 'mara' : null,
    agent: isAgent ? { status: 'idle', currentTask: null, reportedAt: null } : null,
    limits: isAgent ? { byOwner: null, byRoom: null } : null,
    ...changes,
  };
}

export function anImage(changes: Partial<Attachment> = {}): Attachment {
  return {
    id: 'image-1',
    kind: 'image',
    name: 'chart.png',
    mediaType: 'image/png',
    bytes: 2048,
    width: 800,
    height: 600,
    url: '/files/image-1',
    ...changes,
  };
}

/** A public room in which Mara, Jonas and Otter sit, as the server tells Mara of it. */
export function aRoom(changes: Partial<RoomData> = {}): RoomData {
  return {
    epoch: EPOCH,
    seq: 10,
    room: {
      id: ROOM_ID,
      name: 'Harbour',
      description: 'Signal lights',
      visibility: 'public',
      createdBy: 'mara',
      createdAt: at(0),
      language: null,
      topics: [],
      archivedAt: null,
      gitRepo: null,
      repository: null,
      settings: {
        maxMembers: 20,
        autoMergeEnabled: false,
        spectatorAllowed: true,
        gitIntegration: true,
        slowModeSeconds: 0,
        spectatorChat: 'interactive',
        linkPreviews: false,
        agentsPaused: false,
        agentLimits: USUAL_AGENT_LIMITS,
        maxAgentTurns: 8,
      },
    },
    members: [aMember(MARA, { role: 'host' }), aMember(JONAS), aMember(OTTER)],
    messages: [],
    tasks: [],
    paths: [],
    conflicts: [],
    approvals: [],
    pullRequests: [],
    activity: [],
    abilities: ['read', 'chat', 'create_task', 'invite', 'seat_agent', 'merge', 'upload'],
    presence: {
      mara: { status: 'active', lastSeenAt: null },
      otter: { status: 'active', lastSeenAt: null },
    },
    viewers: 0,
    ...changes,
  };
}
