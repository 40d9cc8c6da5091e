import * as z from 'zod';

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

export const AuthorType = z.enum(['human', 'agent', 'system']);

const at = { public_seq: z.int(), event_id: z.string(), timestamp: z.string() };

/** What the public may learn of a room, type by type and field by field. Nothing else ever leaves. */
export const PUBLIC_EVENTS = {
  'chat.public': z.object({ author: z.string(), author_type: AuthorType, content: z.string() }),
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
]);
export type SpectatorErrorCode = z.infer<typeof SpectatorErrorCode>;

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
    /** What follows continues after this: the place of `current_state`, or, when `recovered`, the place the client named. */
    public_seq: z.int(),
    epoch: z.string(),
    recovered: z.boolean(),
    presence: SpectatorPresence,
  }),
  'spectator.activity': z.object({ room_id: z.string(), timestamp: z.string(), events: z.array(PublicEventSchema) }),
  'spectator.presence': SpectatorPresence,
  'spectator.error': z.object({
    code: SpectatorErrorCode,
    message: z.string(),
    retry_after: z.int().nullable(),
    permanent: z.boolean(),
  }),
} as const;

export interface SpectatorWelcome {
  readonly room_info: z.infer<typeof SpectatorRoomInfo>;
  readonly current_state: {
    readonly members: readonly PublicMember[];
    readonly tasks: readonly PublicTask[];
    readonly recent_activity: readonly PublicEvent[];
    readonly current_files: readonly string[];
  } | null;
  readonly spectator_id: string;
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
}
