import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = [
  // People, their sessions and their tokens
  `CREATE TABLE users (
     id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
     username varchar(255) NOT NULL,
     email varchar(255),
     password_hash text,
     github_id bigint UNIQUE,
     gitlab_id bigint UNIQUE,
     avatar_url text,
     bio text NOT NULL DEFAULT '',
     role varchar(20) NOT NULL DEFAULT 'user' CHECK (role IN ('user', 'admin')),
     created_at timestamptz(3) NOT NULL DEFAULT now(),
     banned_at timestamptz(3),
     deleted_at timestamptz(3)
   )`,
  `CREATE UNIQUE INDEX users_username_key ON users (lower(username))`,
  `CREATE UNIQUE INDEX users_email_key ON users (lower(email))`,

  `CREATE TABLE sessions (
     id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
     user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
     created_at timestamptz(3) NOT NULL DEFAULT now(),
     last_used_at timestamptz(3) NOT NULL DEFAULT now(),
     expires_at timestamptz(3) NOT NULL,
     revoked_at timestamptz(3),
     user_agent text NOT NULL DEFAULT ''
   )`,
  `CREATE INDEX sessions_user_idx ON sessions (user_id) WHERE revoked_at IS NULL`,
  `CREATE INDEX sessions_expiry_idx ON sessions (expires_at)`,

  `CREATE TABLE refresh_tokens (
     token_hash bytea PRIMARY KEY,
     session_id uuid NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
     created_at timestamptz(3) NOT NULL DEFAULT now(),
     used_at timestamptz(3)
   )`,
  `CREATE INDEX refresh_tokens_session_idx ON refresh_tokens (session_id)`,

  `CREATE TABLE access_tokens (
     id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
     user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
     name varchar(60) NOT NULL,
     token_hash bytea NOT NULL UNIQUE,
     prefix varchar(20) NOT NULL,
     created_at timestamptz(3) NOT NULL DEFAULT now(),
     last_used_at timestamptz(3)
   )`,
  `CREATE INDEX access_tokens_user_idx ON access_tokens (user_id, created_at)`,

  // Agents: each answers to one person
  `CREATE TABLE agents (
     id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
     owner_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
     name varchar(32) NOT NULL,
     description text NOT NULL DEFAULT '',
     token_hash bytea NOT NULL UNIQUE,
     token_prefix varchar(20) NOT NULL,
     capabilities text[] NOT NULL DEFAULT '{}',
     status varchar(20) NOT NULL DEFAULT 'idle' CHECK (status IN ('working', 'idle', 'error')),
     current_task text,
     status_at timestamptz(3),
     created_at timestamptz(3) NOT NULL DEFAULT now(),
     last_seen_at timestamptz(3),
     revoked_at timestamptz(3)
   )`,
  `CREATE UNIQUE INDEX agents_name_key ON agents (owner_id, lower(name)) WHERE revoked_at IS NULL`,

  // Rooms and their one log
  `CREATE TABLE rooms (
     id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
     name varchar(255) NOT NULL,
     description text NOT NULL DEFAULT '',
     visibility varchar(20) NOT NULL DEFAULT 'private' CHECK (visibility IN ('public', 'private')),
     repository jsonb,
     git_repo_url text GENERATED ALWAYS AS (repository ->> 'cloneUrl') STORED,
     created_by uuid NOT NULL REFERENCES users (id),
     created_at timestamptz(3) NOT NULL DEFAULT now(),
     settings jsonb NOT NULL DEFAULT '{}'::jsonb,
     epoch uuid NOT NULL DEFAULT gen_random_uuid(),
     last_seq bigint NOT NULL DEFAULT 0,
     last_public_seq bigint NOT NULL DEFAULT 0,
     last_activity_at timestamptz(3) NOT NULL DEFAULT now(),
     last_task_number integer NOT NULL DEFAULT 0,
     last_pull_number integer NOT NULL DEFAULT 0
   ) WITH (fillfactor = 70)`,
  `CREATE INDEX rooms_public_idx ON rooms (last_activity_at DESC, id) WHERE visibility = 'public'`,
  `CREATE INDEX rooms_created_by_idx ON rooms (created_by)`,

  `CREATE TABLE room_members (
     room_id uuid NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
     member_id uuid NOT NULL,
     user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
     agent_id uuid REFERENCES agents (id) ON DELETE CASCADE,
     member_type varchar(20) NOT NULL DEFAULT 'human' CHECK (member_type IN ('human', 'agent')),
     role varchar(20) NOT NULL DEFAULT 'member' CHECK (role IN ('host', 'moderator', 'member', 'guest')),
     permissions jsonb NOT NULL DEFAULT '[]'::jsonb,
     joined_at timestamptz(3) NOT NULL DEFAULT now(),
     joined_seq bigint NOT NULL,
     PRIMARY KEY (room_id, member_id),
     CHECK (member_id = coalesce(agent_id, user_id)),
     CHECK ((member_type = 'agent') = (agent_id IS NOT NULL))
   )`,
  `CREATE INDEX room_members_user_idx ON room_members (user_id)`,
  `CREATE INDEX room_members_agent_idx ON room_members (agent_id) WHERE agent_id IS NOT NULL`,

  `CREATE TABLE room_events (
     room_id uuid NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
     seq bigint NOT NULL CHECK (seq > 0),
     id uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE,
     type varchar(60) NOT NULL,
     actor_type varchar(20) NOT NULL CHECK (actor_type IN ('human', 'agent', 'system', 'webhook')),
     actor_id uuid,
     actor_name text NOT NULL,
     visibility varchar(20) NOT NULL CHECK (visibility IN ('public', 'members')),
     payload jsonb NOT NULL,
     public_seq bigint CHECK (public_seq > 0),
     public_payload jsonb,
     created_at timestamptz(3) NOT NULL,
     PRIMARY KEY (room_id, seq),
     CHECK ((visibility = 'public') = (public_seq IS NOT NULL)),
     CHECK ((public_seq IS NULL) = (public_payload IS NULL))
   )`,
  `CREATE UNIQUE INDEX room_events_public_idx ON room_events (room_id, public_seq) WHERE public_seq IS NOT NULL`,
  `CREATE INDEX room_events_activity_idx ON room_events (room_id, seq DESC) WHERE type <> 'chat.message'`,
  `CREATE INDEX room_events_task_idx ON room_events ((payload -> 'task' ->> 'id')) WHERE payload ? 'task'`,
  `CREATE INDEX room_events_time_idx ON room_events (room_id, created_at)`,

  `CREATE TABLE messages (
     id uuid PRIMARY KEY,
     room_id uuid NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
     seq bigint NOT NULL,
     author_type varchar(20) NOT NULL CHECK (author_type IN ('human', 'agent')),
     author_id uuid NOT NULL,
     author_name text NOT NULL,
     body text NOT NULL,
     mentions text[] NOT NULL DEFAULT '{}',
     visibility varchar(20) NOT NULL CHECK (visibility IN ('public', 'members')),
     trust varchar(20) NOT NULL,
     client_message_id varchar(100),
     created_at timestamptz(3) NOT NULL,
     search tsvector GENERATED ALWAYS AS (to_tsvector('simple', body)) STORED,
     UNIQUE (room_id, seq)
   )`,
  `CREATE UNIQUE INDEX messages_client_key ON messages (author_id, client_message_id) WHERE client_message_id IS NOT NULL`,
  `CREATE INDEX messages_search_idx ON messages USING gin (search)`,

  `CREATE TABLE invitations (
     id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
     room_id uuid NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
     token_hash bytea NOT NULL UNIQUE,
     created_by uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
     created_at timestamptz(3) NOT NULL DEFAULT now(),
     expires_at timestamptz(3) NOT NULL,
     uses integer NOT NULL DEFAULT 0,
     max_uses integer,
     revoked_at timestamptz(3),
     CHECK (max_uses IS NULL OR uses <= max_uses)
   )`,
  `CREATE INDEX invitations_room_idx ON invitations (room_id, created_at DESC)`,

  // Tasks
  `CREATE TABLE tasks (
     id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
     room_id uuid NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
     number integer NOT NULL,
     title text NOT NULL,
     description text NOT NULL,
     state varchar(20) NOT NULL CHECK (state IN ('open', 'claimed', 'in_progress', 'in_review', 'changes_requested', 'approved', 'done', 'cancelled', 'failed')),
     priority varchar(20) NOT NULL DEFAULT 'medium' CHECK (priority IN ('low', 'medium', 'high')),
     deadline timestamptz(3),
     created_by jsonb NOT NULL,
     assigned_to_id uuid REFERENCES agents (id) ON DELETE SET NULL,
     assigned_to_name text,
     lease_id uuid UNIQUE,
     lease_holder_id uuid REFERENCES agents (id) ON DELETE SET NULL,
     lease_holder_name text,
     lease_expires_at timestamptz(3),
     fence integer NOT NULL DEFAULT 0,
     progress jsonb,
     branch text,
     submitted_sha varchar(40),
     pull_request integer,
     failure text,
     context jsonb NOT NULL DEFAULT '[]'::jsonb,
     source_message_id uuid,
     created_at timestamptz(3) NOT NULL,
     updated_at timestamptz(3) NOT NULL,
     UNIQUE (room_id, number),
     CHECK ((lease_id IS NULL) = (lease_expires_at IS NULL))
   )`,
  `CREATE UNIQUE INDEX tasks_source_key ON tasks (source_message_id, assigned_to_id) WHERE source_message_id IS NOT NULL`,
  `CREATE INDEX tasks_unfinished_idx ON tasks (room_id) WHERE state NOT IN ('done', 'cancelled', 'failed')`,
  `CREATE INDEX tasks_finished_idx ON tasks (room_id, updated_at DESC, number DESC) WHERE state IN ('done', 'cancelled', 'failed')`,
  `CREATE INDEX tasks_lease_idx ON tasks (lease_expires_at) WHERE lease_id IS NOT NULL`,
  `CREATE INDEX tasks_assigned_idx ON tasks (assigned_to_id, state)`,

  // Repositories, pull requests and what providers deliver
  `CREATE TABLE room_git_repos (
     room_id uuid PRIMARY KEY REFERENCES rooms (id) ON DELETE CASCADE,
     provider varchar(50) NOT NULL CHECK (provider IN ('clawtank', 'github', 'gitlab')),
     repo_id varchar(255) NOT NULL,
     full_name text NOT NULL,
     default_branch varchar(255) NOT NULL DEFAULT 'main',
     hook_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
     webhook_secret_encrypted text NOT NULL,
     access_token_encrypted text,
     connected_at timestamptz(3) NOT NULL DEFAULT now()
   )`,
  `CREATE INDEX room_git_repos_repo_idx ON room_git_repos (provider, repo_id)`,

  `CREATE TABLE hosted_refs (
     room_id uuid NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
     ref text NOT NULL,
     sha varchar(40) NOT NULL,
     PRIMARY KEY (room_id, ref)
   )`,

  `CREATE TABLE hosted_changes (
     id uuid PRIMARY KEY,
     room_id uuid NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
     begun_at timestamptz(3) NOT NULL DEFAULT now()
   )`,
  `CREATE INDEX hosted_changes_begun_idx ON hosted_changes (begun_at)`,

  `CREATE TABLE hosted_pull_requests (
     id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
     room_id uuid NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
     number integer NOT NULL,
     title text NOT NULL,
     body text NOT NULL DEFAULT '',
     state varchar(20) NOT NULL CHECK (state IN ('open', 'merged', 'closed')),
     head text NOT NULL,
     base text NOT NULL,
     head_sha varchar(40) NOT NULL,
     merge_sha varchar(40),
     author jsonb NOT NULL,
     task_id uuid,
     merged_by jsonb,
     created_at timestamptz(3) NOT NULL,
     updated_at timestamptz(3) NOT NULL,
     merged_at timestamptz(3),
     UNIQUE (room_id, number)
   )`,
  `CREATE UNIQUE INDEX hosted_pull_requests_open_head_key ON hosted_pull_requests (room_id, head) WHERE state = 'open'`,

  `CREATE TABLE hook_deliveries (
     id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
     room_id uuid NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
     event varchar(60) NOT NULL,
     payload jsonb NOT NULL,
     created_at timestamptz(3) NOT NULL DEFAULT now(),
     attempts integer NOT NULL DEFAULT 0,
     delivered_at timestamptz(3)
   )`,
  `CREATE INDEX hook_deliveries_room_idx ON hook_deliveries (room_id)`,
  `CREATE INDEX hook_deliveries_pending_idx ON hook_deliveries (created_at) WHERE delivered_at IS NULL`,

  `CREATE TABLE webhook_deliveries (
     id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
     room_id uuid NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
     provider varchar(50) NOT NULL,
     delivery_id varchar(255) NOT NULL,
     event varchar(100) NOT NULL,
     payload jsonb NOT NULL,
     received_at timestamptz(3) NOT NULL DEFAULT now(),
     processed_at timestamptz(3),
     outcome varchar(40),
     error text,
     UNIQUE (room_id, provider, delivery_id)
   )`,
  `CREATE INDEX webhook_deliveries_pending_idx ON webhook_deliveries (received_at) WHERE processed_at IS NULL`,

  `CREATE TABLE pull_requests (
     id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
     room_id uuid NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
     provider varchar(50) NOT NULL,
     repo_id varchar(255) NOT NULL,
     number integer NOT NULL,
     title text NOT NULL,
     body text NOT NULL DEFAULT '',
     state varchar(20) NOT NULL CHECK (state IN ('open', 'merged', 'closed')),
     head text NOT NULL,
     base text NOT NULL,
     head_sha varchar(40) NOT NULL,
     merge_sha varchar(40),
     author jsonb NOT NULL,
     beneficiary_id uuid REFERENCES users (id) ON DELETE SET NULL,
     task_id uuid REFERENCES tasks (id) ON DELETE SET NULL,
     url text,
     files jsonb NOT NULL DEFAULT '[]'::jsonb,
     additions integer NOT NULL DEFAULT 0,
     deletions integer NOT NULL DEFAULT 0,
     commits integer NOT NULL DEFAULT 0,
     mergeability jsonb NOT NULL,
     merged_by jsonb,
     merged_by_user_id uuid REFERENCES users (id) ON DELETE SET NULL,
     created_at timestamptz(3) NOT NULL,
     updated_at timestamptz(3) NOT NULL,
     merged_at timestamptz(3),
     UNIQUE (room_id, provider, repo_id, number)
   )`,
  `CREATE INDEX pull_requests_open_idx ON pull_requests (room_id) WHERE state = 'open'`,
  `CREATE INDEX pull_requests_closed_idx ON pull_requests (room_id, updated_at DESC, number DESC) WHERE state <> 'open'`,
  `CREATE INDEX pull_requests_task_idx ON pull_requests (task_id) WHERE task_id IS NOT NULL`,

  // Reputation: an append-only ledger, and totals derived from it
  `CREATE TABLE user_reputation (
     user_id uuid PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
     total_xp integer NOT NULL DEFAULT 0,
     level integer NOT NULL DEFAULT 1,
     contributions jsonb NOT NULL DEFAULT '{}'::jsonb,
     skill_areas text[] NOT NULL DEFAULT ARRAY[]::text[]
   )`,
  `CREATE TABLE xp_ledger (
     id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
     user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
     cause text NOT NULL,
     type varchar(40) NOT NULL,
     amount integer NOT NULL,
     room_id uuid REFERENCES rooms (id) ON DELETE SET NULL,
     room_name text,
     evidence jsonb NOT NULL DEFAULT '{}'::jsonb,
     created_at timestamptz(3) NOT NULL,
     UNIQUE (cause)
   )`,
  `CREATE INDEX xp_ledger_room_idx ON xp_ledger (room_id) WHERE room_id IS NOT NULL`,
  `CREATE INDEX xp_ledger_user_idx ON xp_ledger (user_id, created_at DESC, id)`,
  `CREATE FUNCTION refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN
     IF TG_OP = 'UPDATE' AND NEW.room_id IS NULL AND OLD.room_id IS NOT NULL
        AND NEW.id = OLD.id AND NEW.user_id = OLD.user_id AND NEW.amount = OLD.amount AND NEW.cause = OLD.cause THEN
       RETURN NEW; -- a deleted room leaves the entry standing
     END IF;
     RAISE EXCEPTION 'The XP ledger is append-only';
   END $$`,
  `CREATE TRIGGER xp_ledger_append_only BEFORE UPDATE ON xp_ledger FOR EACH ROW EXECUTE FUNCTION refuse_ledger_change()`,

  // Delivery machinery
  `CREATE TABLE command_receipts (
     actor_id uuid NOT NULL,
     command_id varchar(100) NOT NULL,
     name varchar(60) NOT NULL,
     fingerprint bytea NOT NULL,
     reply jsonb,
     created_at timestamptz(3) NOT NULL DEFAULT now(),
     PRIMARY KEY (actor_id, command_id)
   )`,
  `CREATE TABLE outbox (
     id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
     name varchar(100) NOT NULL,
     data jsonb NOT NULL,
     created_at timestamptz(3) NOT NULL DEFAULT now(),
     attempts integer NOT NULL DEFAULT 0,
     next_attempt_at timestamptz(3) NOT NULL DEFAULT now(),
     last_error text
   )`,
  `CREATE INDEX outbox_due_idx ON outbox (next_attempt_at, id)`,
  `CREATE TABLE setup (
     only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
     token_hash bytea,
     completed_at timestamptz(3)
   )`,
  `INSERT INTO setup DEFAULT VALUES`,
];

const TABLES_IN_REVERSE = [
  'setup',
  'outbox',
  'command_receipts',
  'xp_ledger',
  'user_reputation',
  'pull_requests',
  'webhook_deliveries',
  'hook_deliveries',
  'hosted_pull_requests',
  'hosted_changes',
  'hosted_refs',
  'room_git_repos',
  'tasks',
  'invitations',
  'messages',
  'room_events',
  'room_members',
  'rooms',
  'agents',
  'access_tokens',
  'refresh_tokens',
  'sessions',
  'users',
];

/** The specification's tables and what they lack. */
export class Foundation1763700000000 implements MigrationInterface {
  name = 'Foundation1763700000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) {
      await runner.query(statement);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of TABLES_IN_REVERSE) {
      await runner.query(`DROP TABLE ${table}`);
    }
    await runner.query('DROP FUNCTION refuse_ledger_change()');
  }
}
