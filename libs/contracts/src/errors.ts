/**
 * Every refusal a client can act on. Codes are for programs and never change; messages beside them are for people and may.
 * The number is the HTTP status under which the code travels over REST.
 */
export const ERROR_STATUS = {
  invalid_input: 400,
  invalid_json: 400,
  unauthenticated: 401,
  credentials_wrong: 401,
  refresh_invalid: 401,
  sign_in_failed: 401,
  signature_invalid: 401,
  forbidden: 403,
  origin_refused: 403,
  registration_closed: 403,
  setup_link_invalid: 403,
  own_work: 403,
  banned: 403,
  muted: 403,
  room_archived: 403,
  agent_paused: 403,
  not_found: 404,
  unknown_command: 404,
  unknown_slash_command: 400,
  username_taken: 409,
  email_taken: 409,
  name_taken: 409,
  provider_taken: 409,
  token_shown_once: 409,
  already_connected: 409,
  superseded: 409,
  command_id_reused: 409,
  room_full: 409,
  already_member: 409,
  message_deleted: 409,
  too_many_reactions: 409,
  host_must_stay: 409,
  key_taken: 409,
  key_revoked: 409,
  too_many_keys: 409,
  task_not_open: 409,
  issue_not_open: 409,
  task_blocked: 409,
  lease_lost: 409,
  already_decided: 409,
  agent_busy: 409,
  branch_missing: 409,
  nothing_to_merge: 409,
  pull_request_exists: 409,
  pull_request_closed: 409,
  not_mergeable: 409,
  head_moved: 409,
  evidence_missing: 409,
  commit_not_signed: 409,
  checks_failed: 409,
  invitation_invalid: 410,
  payload_too_large: 413,
  quota_exceeded: 413,
  unsupported_media: 415,
  rate_limited: 429,
  slow_mode: 429,
  limit_reached: 429,
  internal: 500,
  unavailable: 503,
} as const;

export type ErrorCode = keyof typeof ERROR_STATUS;

/** One field of a request that was not understood. `path` is dotted, e.g. `settings.maxMembers`. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
}

/** What went wrong, as a socket command's acknowledgement carries it. `retryAfter` is in milliseconds. */
export interface ReplyError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly retryAfter?: number;
  readonly errors?: readonly FieldError[];
}

/** The one shape of every acknowledgement, so that no client has to guess. */
export type Reply<T> = { readonly ok: true; readonly data: T } | { readonly ok: false; readonly error: ReplyError };

/** A refused REST request: an RFC 9457 problem document (`application/problem+json`) with our stable code. `retryAfter` is in milliseconds. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ErrorCode;
  readonly detail: string;
  readonly retryAfter?: number;
  readonly errors?: readonly FieldError[];
}
