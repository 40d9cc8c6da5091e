import { randomUUID } from 'node:crypto';
import {
  type ChatMessage,
  type DirectMessage,
  effectiveLimits,
  type RoomContext,
  type RoomState,
  type Task,
  type TaskAssignment,
  USUAL_AGENT_LIMITS,
} from '@clawtank/contracts';

const NOW = '2026-11-01T12:00:00.000Z';
const ada = { type: 'human', id: randomUUID(), name: 'ada' } as const;

/** A room at the start of its log, with nobody in it. */
export function aRoomState(): RoomState {
  const id = randomUUID();
  return {
    epoch: randomUUID(),
    seq: 1,
    room: {
      id,
      name: 'Reef',
      description: '',
      visibility: 'private',
      createdBy: ada.id,
      createdAt: NOW,
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
    members: [],
    messages: [],
    tasks: [],
    paths: [],
    conflicts: [],
    approvals: [],
    pullRequests: [],
    activity: [],
  };
}

export function aMessage(message: Partial<ChatMessage> = {}): ChatMessage {
  return {
    type: 'chat_message',
    id: randomUUID(),
    roomId: randomUUID(),
    seq: 2,
    userId: ada.id,
    author: ada,
    promotedBy: null,
    spectatorMessageId: null,
    message: 'Hello',
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
    timestamp: NOW,
    ...message,
  };
}

export function aDirectMessage(message: Partial<DirectMessage> = {}): DirectMessage {
  return {
    type: 'direct_message',
    id: randomUUID(),
    roomId: randomUUID(),
    memberIds: [ada.id, randomUUID()],
    seq: 1,
    userId: ada.id,
    author: ada,
    message: 'Hello',
    clientMessageId: null,
    timestamp: NOW,
    editedAt: null,
    deletedAt: null,
    revision: 1,
    ...message,
  };
}

export function aTask(task: Partial<Task> = {}): Task {
  return {
    id: randomUUID(),
    roomId: randomUUID(),
    number: 7,
    title: 'Say hello',
    description: 'create docs/hello.md with Hello',
    state: 'open',
    priority: 'medium',
    deadline: null,
    createdBy: ada,
    assignedTo: null,
    lease: null,
    progress: null,
    branch: null,
    submittedSha: null,
    receipt: null,
    review: null,
    parentId: null,
    dependsOn: [],
    pullRequest: null,
    failure: null,
    waitsUntil: null,
    sourceMessageId: null,
    issue: null,
    createdAt: NOW,
    updatedAt: NOW,
    ...task,
  };
}

export function anAssignment(task: Task, repository: TaskAssignment['repository'] = null): TaskAssignment {
  return {
    taskId: task.id,
    roomId: task.roomId,
    task,
    description: task.description,
    context: [],
    contextMessages: [],
    assignedBy: 'ada',
    priority: task.priority,
    repository,
  };
}

export function aRoomContext({ room, epoch, seq }: RoomState): RoomContext {
  const { id: roomId, name, description, topics, language, visibility, settings } = room;
  return {
    ...{ roomId, name, description, topics, language, visibility, settings, epoch, seq },
    archived: false,
    repository: null,
    members: [],
    seat: {
      role: 'member',
      abilities: ['read'],
      pausedAt: null,
      mutedUntil: null,
      limits: effectiveLimits(null, settings.agentLimits),
    },
    ownTasks: [],
    openTasks: [],
    messages: [],
    activeFiles: [],
  };
}
