import * as z from 'zod';
import { CommandId, Id, Instant, OptionalText, Text } from './primitives.js';

/** The envelope of every spectator message, both ways. Field names are the specification's. */
export const SpectatorEnvelope = z.object({
  id: z.string(),
  type: z.string(),
  timestamp: z.string(),
  data: z.unknown(),
  metadata: z
    .object({
      compression: z.string().optional(),
      priority: z.enum(['normal', 'high']).optional(),
      expires_at: z.string().optional(),
    })
    .optional(),
});
export interface SpectatorEnvelope<Type extends string = string, Data = unknown> {
  readonly id: string;
  readonly type: Type;
  readonly timestamp: string;
  readonly data: Data;
  readonly metadata?: {
    readonly compression?: string;
    readonly priority?: 'normal' | 'high';
    readonly expires_at?: string;
  };
}

export const SpectatorConnect = z.object({
  room_id: z.string().max(100).optional(),
  /** Accepted for the specification's sake and ignored: the server assigns it. */
  spectator_id: z.string().max(100).optional(),
  auth_token: z.string().max(4000).nullish(),
  /** The one that `spectator.welcome` gave before: who comes back without an account is the same spectator with it. */
  spectator_token: z.string().max(200).optional(),
  /** The last `revision` of the spectators' chat this client has: it is sent what changed since. */
  last_chat_revision: z.int().min(0).optional(),
  last_public_seq: z.int().min(0).optional(),
  epoch: z.string().max(100).optional(),
  client_info: z
    .object({
      user_agent: z.string().max(500).optional(),
      referrer: z.string().max(2000).optional(),
      capabilities: z.array(z.string().max(40)).max(20).optional(),
    })
    .optional(),
});
export type SpectatorConnect = z.infer<typeof SpectatorConnect>;

export const AuthorType = z.enum(['human', 'agent', 'system', 'spectator']);

const at = { public_seq: z.int(), event_id: z.string(), timestamp: z.string() };

/** What the public may learn of a room, type by type and field by field. Nothing else ever leaves. */
export const PUBLIC_EVENTS = {
  'chat.public': z.object({
    author: z.string(),
    author_type: AuthorType,
    content: z.string(),
    /** Only of what a spectator said and a member brought into the room: that member's name. */
    promoted_by: z.string().optional(),
  }),
  /** The message of the public entry `target_event_id` says something else now. */
  'chat.edited': z.object({ target_event_id: z.string(), content: z.string() }),
  /** The message of the public entry `target_event_id` is gone: take it off the screen. */
  'chat.deleted': z.object({ target_event_id: z.string() }),
  'task.created': z.object({ task_id: z.string(), number: z.int(), title: z.string(), creator: z.string() }),
  'agent.claimed_task': z.object({
    agent_name: z.string(),
    agent_owner: z.string(),
    task_id: z.string(),
    number: z.int(),
    title: z.string(),
  }),
  'task.completed': z.object({
    task_id: z.string(),
    number: z.int(),
    title: z.string(),
    agent_name: z.string().nullable(),
  }),
  'git.commit': z.object({
    branch: z.string(),
    author: z.string(),
    author_type: AuthorType,
    commit_count: z.int(),
    commits: z.array(z.object({ sha: z.string(), message: z.string() })),
    files_changed: z.array(z.string()),
  }),
  'git.pr_opened': z.object({
    number: z.int(),
    title: z.string(),
    author: z.string(),
    author_type: AuthorType,
    additions: z.int(),
    deletions: z.int(),
    files_changed: z.array(z.string()),
  }),
  'git.pr_merged': z.object({
    number: z.int(),
    title: z.string(),
    author: z.string(),
    author_type: AuthorType,
    merged_by: z.string(),
  }),
  'agent.status_change': z.object({ agent_name: z.string(), status: z.enum(['working', 'idle', 'error']) }),
  'agent.joined': z.object({ agent_name: z.string(), agent_owner: z.string() }),
  'agent.left': z.object({ agent_name: z.string() }),
  'member.joined': z.object({ member_name: z.string() }),
  'member.left': z.object({ member_name: z.string() }),
  'milestone.level_up': z.object({ member_name: z.string(), level: z.int() }),
} as const;

export type PublicEventType = keyof typeof PUBLIC_EVENTS;
export type PublicEventData = { readonly [Type in PublicEventType]: z.infer<(typeof PUBLIC_EVENTS)[Type]> };

/** A public entry before it is placed in the public sequence. */
export type PublicView = {
  [Type in PublicEventType]: { readonly type: Type } & PublicEventData[Type];
}[PublicEventType];

/** A public entry: `public_seq` counts public entries only, without gaps, so that secrecy neither looks like loss nor can be counted. */
export type PublicEvent = PublicView & {
  readonly public_seq: number;
  readonly event_id: string;
  readonly timestamp: string;
};

const publicEventSchemas = Object.entries(PUBLIC_EVENTS).map(([type, data]) =>
  data.extend({ type: z.literal(type), ...at }),
);
export const PublicEventSchema = z.union(publicEventSchemas).meta({ id: 'PublicEvent' });

export const PublicMember = z.object({
  id: z.string(),
  name: z.string(),
  type: z.enum(['human', 'agent']),
  status: z.string(),
  owner: z.string().nullable(),
});
export type PublicMember = z.infer<typeof PublicMember>;

export const PublicTask = z.object({
  task_id: z.string(),
  number: z.int(),
  title: z.string(),
  state: z.string(),
  agent_name: z.string().nullable(),
});
export type PublicTask = z.infer<typeof PublicTask>;

export const SpectatorRoomInfo = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  created_at: z.string(),
});

export const SpectatorPresence = z.object({
  room_id: z.string(),
  total_spectators: z.int(),
  anonymous_count: z.int(),
  registered_count: z.int(),
  recent_peak: z.int(),
  join_rate: z.number(),
});
export type SpectatorPresence = z.infer<typeof SpectatorPresence>;

export const SpectatorErrorCode = z.enum([
  'ROOM_NOT_FOUND',
  'ACCESS_DENIED',
  'CAPACITY_EXCEEDED',
  'RATE_LIMITED',
  'INVALID_MESSAGE',
  'UNAVAILABLE',
  'CHAT_CLOSED',
  'MUTED',
  'SLOW_MODE',
  'NAME_REFUSED',
]);
export type SpectatorErrorCode = z.infer<typeof SpectatorErrorCode>;

/** How long what spectators say may be, and what they call themselves. */
export const MAX_SPECTATOR_MESSAGE = 500;
export const MAX_SPECTATOR_NAME = 32;

/** `anonymous`: who has no account; `registered`: a signed-in viewer; `member`: somebody who takes part in the room. */
export const SpectatorAuthorType = z.enum(['anonymous', 'registered', 'member']);
export type SpectatorAuthorType = z.infer<typeof SpectatorAuthorType>;

/**
 * What a spectator says. The id of its envelope is the sender's, and a repeat of it is stored once. `spectator_id` and `timestamp`
 * are accepted for the specification's sake: the server assigns them.
 */
export const SpectatorSays = z.object({
  room_id: z.string().max(100).optional(),
  spectator_id: z.string().max(100).optional(),
  timestamp: z.string().max(100).optional(),
  /** What somebody without an account calls themselves; who is signed in is called by their name. */
  display_name: OptionalText(200).nullish(),
  message: Text(MAX_SPECTATOR_MESSAGE),
  /** The message of the same chat that this one answers. */
  reply_to: Id.nullish(),
});
export type SpectatorSays = z.infer<typeof SpectatorSays>;

/** A message of the spectators' chat, as spectators are told of it. */
export const SpectatorChatMessage = z.object({
  room_id: z.string(),
  message_id: z.string(),
  /** Its place in the room's spectators' chat: no gaps. */
  seq: z.int(),
  /** Counts what happened to the chat, deletions included. */
  revision: z.int(),
  spectator_id: z.string(),
  display_name: z.string(),
  author_type: SpectatorAuthorType,
  message: z.string(),
  timestamp: z.string(),
  reply_to: z.string().nullable(),
});
export type SpectatorChatMessage = z.infer<typeof SpectatorChatMessage>;

/** Why the server closes a plain WebSocket. Except after too slow reading, a `spectator.error` with the details comes first. */
export const SPECTATOR_CLOSE_CODES = {
  /** The server restarts; come back after `retry_after`. */
  restarting: 1001,
  /** The room is not to be watched, or the client sent nonsense again and again; coming back changes nothing. */
  refused: 1008,
  /** Something failed on the server's side; come back after `retry_after`. */
  failed: 1011,
  /** The room is full or too many connections were opened; come back after `retry_after`. */
  tryLater: 1013,
  /** The client read too slowly and too much was waiting for it. It may reconnect and resume. */
  tooSlow: 4008,
} as const;
export type SpectatorCloseCode = (typeof SPECTATOR_CLOSE_CODES)[keyof typeof SPECTATOR_CLOSE_CODES];

/** What the server sends to spectators. */
export const SPECTATOR_MESSAGES = {
  'spectator.welcome': z.object({
    room_info: SpectatorRoomInfo,
    /** Null when `recovered`: the missed events follow instead. */
    current_state: z
      .object({
        members: z.array(PublicMember),
        tasks: z.array(PublicTask),
        recent_activity: z.array(PublicEventSchema),
        current_files: z.array(z.string()),
      })
      .nullable(),
    spectator_id: z.string(),
    /** To be sent with the next `spectator.connect`, so that who comes back is the same spectator. Kept by nobody else. */
    spectator_token: z.string(),
    /** What follows continues after this: the place of `current_state`, or, when `recovered`, the place the client named. */
    public_seq: z.int(),
    epoch: z.string(),
    recovered: z.boolean(),
    presence: SpectatorPresence,
  }),
  'spectator.activity': z.object({ room_id: z.string(), timestamp: z.string(), events: z.array(PublicEventSchema) }),
  'spectator.presence': SpectatorPresence,
  /** The spectators' chat as it is for this spectator: after the welcome, and whenever the room changes how it is held. */
  'spectator.chat': z.object({
    room_id: z.string(),
    /** False while the host has switched it off or the room is archived. */
    enabled: z.boolean(),
    /** Seconds that a spectator waits between two messages; 0 is off. */
    slow_mode_seconds: z.int(),
    max_message_length: z.int(),
    max_name_length: z.int(),
    /** What a signed-in viewer is called; null for who chooses a name. */
    display_name: z.string().nullable(),
    muted_until: z.string().nullable(),
    /** `messages` and `deleted` continue after the `last_chat_revision` that the client named, or replace all it has. */
    recovered: z.boolean(),
    revision: z.int(),
    messages: z.array(SpectatorChatMessage),
    deleted: z.array(z.string()),
  }),
  'spectator.chat_message': SpectatorChatMessage,
  /** To whoever sent it: it is stored. `request_id` is the id of their envelope. */
  'spectator.chat_accepted': z.object({
    room_id: z.string(),
    request_id: z.string().nullable(),
    message_id: z.string(),
    seq: z.int(),
  }),
  /** A message of the spectators' chat is gone: take it off the screen. */
  'spectator.chat_deleted': z.object({ room_id: z.string(), message_id: z.string(), revision: z.int() }),
  'spectator.error': z.object({
    code: SpectatorErrorCode,
    message: z.string(),
    retry_after: z.int().nullable(),
    permanent: z.boolean(),
    /** The id of the envelope that is refused, if it had one. */
    request_id: z.string().optional(),
  }),
} as const;

export type SpectatorChat = z.infer<(typeof SPECTATOR_MESSAGES)['spectator.chat']>;
export type SpectatorChatAccepted = z.infer<(typeof SPECTATOR_MESSAGES)['spectator.chat_accepted']>;
export type SpectatorChatDeleted = z.infer<(typeof SPECTATOR_MESSAGES)['spectator.chat_deleted']>;

export interface SpectatorWelcome {
  readonly room_info: z.infer<typeof SpectatorRoomInfo>;
  readonly current_state: {
    readonly members: readonly PublicMember[];
    readonly tasks: readonly PublicTask[];
    readonly recent_activity: readonly PublicEvent[];
    readonly current_files: readonly string[];
  } | null;
  readonly spectator_id: string;
  readonly spectator_token: string;
  readonly public_seq: number;
  readonly epoch: string;
  readonly recovered: boolean;
  readonly presence: SpectatorPresence;
}

export interface SpectatorActivity {
  readonly room_id: string;
  readonly timestamp: string;
  readonly events: readonly PublicEvent[];
}

export interface SpectatorError {
  readonly code: SpectatorErrorCode;
  readonly message: string;
  readonly retry_after: number | null;
  readonly permanent: boolean;
  readonly request_id?: string;
}

/** A message of the spectators' chat, as members of the room are told of it. Never told to agents. */
export const SpectatorMessageView = z
  .object({
    id: Id,
    roomId: Id,
    seq: z.int(),
    revision: z.int(),
    authorType: SpectatorAuthorType,
    /** Empty once deleted, as the text is. */
    author: z.string(),
    message: z.string(),
    replyTo: Id.nullable(),
    timestamp: Instant,
    deletedAt: Instant.nullable(),
    /** The message of the room that quotes it, if a member promoted it. */
    promotedAs: Id.nullable(),
  })
  .meta({ id: 'SpectatorMessage' });
export type SpectatorMessageView = z.infer<typeof SpectatorMessageView>;

/** With `sinceRevision`, what changed since, in the order of the changes; otherwise what was said, oldest first. */
export const ListSpectatorMessages = z
  .object({
    before: z.coerce.number().int().min(0).optional(),
    sinceRevision: z.coerce.number().int().min(0).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  })
  .meta({ id: 'ListSpectatorMessages' });
export type ListSpectatorMessages = z.infer<typeof ListSpectatorMessages>;

export const SpectatorMessagePage = z
  .object({ messages: z.array(SpectatorMessageView), hasMore: z.boolean(), revision: z.int() })
  .meta({ id: 'SpectatorMessagePage' });
export type SpectatorMessagePage = z.infer<typeof SpectatorMessagePage>;

export const AnswerSpectators = z.object({
  roomId: Id,
  message: Text(MAX_SPECTATOR_MESSAGE),
  replyTo: Id.optional(),
  clientMessageId: CommandId.optional(),
});
export type AnswerSpectators = z.infer<typeof AnswerSpectators>;

const oneSpectatorMessage = { roomId: Id, spectatorMessageId: Id, commandId: CommandId.optional() };

export const PromoteSpectatorMessage = z.object(oneSpectatorMessage);
export type PromoteSpectatorMessage = z.infer<typeof PromoteSpectatorMessage>;

export const DeleteSpectatorMessage = z.object(oneSpectatorMessage);
export type DeleteSpectatorMessage = z.infer<typeof DeleteSpectatorMessage>;

/** Silences whoever said a message in this room’s spectators’ chat; 0 minutes lets them speak again. */
export const MuteSpectator = z.object({
  ...oneSpectatorMessage,
  minutes: z
    .int()
    .min(0)
    .max(60 * 24 * 30),
});
export type MuteSpectator = z.infer<typeof MuteSpectator>;

export const SpectatorMute = z.object({ author: z.string(), mutedUntil: Instant.nullable() });
export type SpectatorMute = z.infer<typeof SpectatorMute>;
