import { createHmac, randomUUID } from 'node:crypto';
import type {
  ActivityItem,
  ConnectedRepository,
  PullRequest,
  Room,
  RoomEventOf,
  RoomEventType,
  WebhookAccepted,
} from '@clawtank/contracts';
import { DataSource } from 'typeorm';
import type { WebhookDeliveryEntity } from '../../apps/api/src/git/webhooks/webhook-delivery.entity.js';
import type { TestServer } from '../support/app.js';
import { eventually, type Person } from '../support/people.js';

export type StoredDelivery = Pick<WebhookDeliveryEntity, 'id' | 'event' | 'outcome' | 'error'> & {
  deliveryId: string;
  processedAt: Date | null;
};

export interface Answer {
  readonly status: number;
  readonly body: WebhookAccepted & { code?: string };
}

export const hmac = (secret: string, body: string | Buffer): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

export async function post(url: string, body: string | Buffer, headers: Record<string, string>): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: new Uint8Array(Buffer.from(body)),
  });
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}

/** A room that works on a provider's repository, and that provider's side of its webhook. */
export class ProviderHook {
  readonly path: string;

  private constructor(
    readonly server: TestServer,
    readonly host: Person,
    readonly room: Room,
    readonly connection: ConnectedRepository,
  ) {
    this.path = new URL(connection.webhookUrl).pathname;
  }

  static async connect(
    server: TestServer,
    host: Person,
    repository: { provider?: 'github' | 'gitlab'; repoId: string; accessToken?: string },
  ): Promise<ProviderHook> {
    return ProviderHook.reconnect(server, host, await host.createRoomWithRepository(), repository);
  }

  /** The same for a room that is there already. */
  static async reconnect(
    server: TestServer,
    host: Person,
    room: Room,
    repository: { provider?: 'github' | 'gitlab'; repoId: string; accessToken?: string },
  ): Promise<ProviderHook> {
    const connection = await host.request<ConnectedRepository>('POST', `/api/rooms/${room.id}/git`, {
      provider: 'github',
      fullName: 'codertocat/hello-world',
      ...repository,
    });
    return new ProviderHook(server, host, room, connection);
  }

  get secret(): string {
    return this.connection.webhookSecret;
  }

  /** As GitHub delivers: JSON, signed over its bytes. */
  github(
    event: string,
    payload: unknown,
    { delivery = randomUUID(), path = this.path }: { delivery?: string; path?: string } = {},
  ): Promise<Answer> {
    const body = JSON.stringify(payload);
    return this.send(
      body,
      { 'x-github-event': event, 'x-github-delivery': delivery, 'x-hub-signature-256': hmac(this.secret, body) },
      path,
    );
  }

  gitlab(event: string, payload: unknown, headers: Record<string, string> = {}, path = this.path): Promise<Answer> {
    return this.send(
      JSON.stringify(payload),
      { 'x-gitlab-event': event, 'x-gitlab-token': this.secret, 'idempotency-key': randomUUID(), ...headers },
      path,
    );
  }

  send(body: string | Buffer, headers: Record<string, string>, path = this.path): Promise<Answer> {
    return post(`${this.server.url}${path}`, body, headers);
  }

  /** Every delivery of the room once all of them are processed. */
  settled(): Promise<StoredDelivery[]> {
    return settledDeliveries(this.server, this.room.id);
  }

  /** The room's git activity, oldest first. */
  activity(): Promise<ActivityItem[]> {
    return gitActivity(this.host, this.room.id);
  }

  pulls(): Promise<PullRequest[]> {
    return this.host.request('GET', `/api/rooms/${this.room.id}/pulls`);
  }
}

export function deliveriesOf(server: TestServer, roomId: string): Promise<StoredDelivery[]> {
  return server.app
    .get(DataSource)
    .query(
      `SELECT id, delivery_id AS "deliveryId", event, outcome, error, processed_at AS "processedAt" FROM webhook_deliveries WHERE room_id = $1 ORDER BY received_at, id`,
      [roomId],
    );
}

export function settledDeliveries(server: TestServer, roomId: string): Promise<StoredDelivery[]> {
  return eventually(async () => {
    const deliveries = await deliveriesOf(server, roomId);
    return deliveries.every(({ processedAt }) => processedAt !== null) && deliveries;
  }, 60_000);
}

const GIT_TYPES: readonly RoomEventType[] = [
  'git.commit',
  'git.pr_opened',
  'git.pr_updated',
  'git.pr_merged',
  'git.pr_closed',
];

export async function gitActivity(member: Person, roomId: string): Promise<ActivityItem[]> {
  const { activity } = await member.request<{ activity: ActivityItem[] }>(
    'GET',
    `/api/rooms/${roomId}/activity?limit=200`,
  );
  return activity.filter(({ type }) => GIT_TYPES.includes(type));
}

export const only = <Type extends ActivityItem['type']>(
  activity: readonly ActivityItem[],
  type: Type,
): RoomEventOf<Type>[] =>
  activity.filter(
    (item): item is Extract<ActivityItem, { type: Type }> => item.type === type,
  ) as unknown as RoomEventOf<Type>[];

export const sha = (digit: string): string => digit.repeat(40);

const ann = { id: 7, login: 'ann-at-github' };

/** A push to a branch of repository 42, as GitHub describes it. */
export const aPush = (change: object = {}) => ({
  ref: 'refs/heads/feature',
  before: sha('0'),
  after: sha('a'),
  forced: false,
  commits: [
    {
      id: sha('a'),
      message: 'Say hello',
      timestamp: '2026-01-01T00:00:00Z',
      author: { name: 'Somebody', email: 'somebody@example.org' },
      added: ['hello.md'],
      modified: [],
      removed: [],
    },
  ],
  repository: { id: 42 },
  sender: ann,
  ...change,
});

/** Pull request 3 of repository 42 as GitHub describes it at a second of its life. */
export const aPullRequest = (action: string, second: number, change: object = {}) => ({
  action,
  number: 3,
  repository: { id: 42 },
  sender: ann,
  pull_request: {
    number: 3,
    title: 'Say hello',
    body: 'Because',
    state: 'open',
    merged: false,
    merge_commit_sha: null,
    user: ann,
    head: { ref: 'feature', label: 'ann:feature', sha: sha('a'), repo: { id: 42 } },
    base: { ref: 'main', label: 'ann:main', repo: { id: 42 } },
    additions: 1,
    deletions: 0,
    commits: 1,
    html_url: 'https://github.com/codertocat/hello-world/pull/3',
    created_at: new Date(Date.UTC(2026, 0, 1)).toISOString(),
    updated_at: new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString(),
    ...change,
  },
});

export const merged = (second: number, by: object = { id: 8, login: 'bob-at-github' }) => ({
  state: 'closed',
  merged: true,
  merged_at: new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString(),
  merge_commit_sha: sha('c'),
  merged_by: by,
});

/** Issue 12 of repository 42 as GitHub describes it at a second of its life, with who does what to it now. */
export const anIssue = (action: string, second: number, change: object = {}, now: object = {}) => ({
  action,
  repository: { id: 42 },
  sender: ann,
  issue: {
    number: 12,
    title: 'It does not start',
    body: 'I press the button, and nothing happens.',
    state: 'open',
    labels: [],
    user: ann,
    html_url: 'https://github.com/codertocat/hello-world/issues/12',
    created_at: new Date(Date.UTC(2026, 0, 1)).toISOString(),
    updated_at: new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString(),
    ...change,
  },
  ...now,
});
