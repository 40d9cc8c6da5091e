import { randomUUID } from 'node:crypto';
import { Id, type WebhookAccepted } from '@clawtank/contracts';
import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../../platform/clock.js';
import { Refusal } from '../../platform/errors/refusal.js';
import { JobQueue } from '../../platform/queues/job-queue.js';
import { type Limiter, RateLimits } from '../../platform/rate-limits.js';
import type { RepositoryConnectionEntity } from '../connections/repository-connection.entity.js';
import { RepositoryConnections } from '../connections/repository-connections.service.js';
import { GIT_PROVIDERS, repositoryIdOf } from '../domain/normalise.js';
import { deliveryIdOf, eventOf, payloadOf, type WebhookRequest } from './webhook-request.js';
import { isSignedBy } from './webhook-signature.js';

/** Generous, since providers do not try again: a large repository pushes this much at its busiest. */
const PER_HOOK = { points: 3000, seconds: 60 };
/** Without a hook's id any sender is heard, and its payload parsed, before it is known. */
const PER_ADDRESS = { points: 600, seconds: 60 };
const STUCK_MS = 30_000;
const REQUEUE_EVERY_MS = 60_000;
const MAX_REQUEUED = 500;

const signatureInvalid = (): Refusal => new Refusal('signature_invalid', 'No hook here has signed this');

/** Takes deliveries in: whoever is signed for is stored once, queued, and answered at once. All thinking happens in the job. */
@Injectable()
export class WebhookInbox {
  private readonly logger = new Logger(WebhookInbox.name);
  private readonly perHook: Limiter;
  private readonly perAddress: Limiter;

  constructor(
    private readonly dataSource: DataSource,
    private readonly connections: RepositoryConnections,
    private readonly jobs: JobQueue,
    private readonly clock: Clock,
    limits: RateLimits,
  ) {
    this.perHook = limits.named('webhooks', PER_HOOK);
    this.perAddress = limits.named('webhooks-without-id', PER_ADDRESS);
  }

  /** A delivery to a hook's own address. An unknown hook answers as a wrong signature does. */
  async deliver(hookId: string, request: WebhookRequest): Promise<WebhookAccepted> {
    const connection = Id.safeParse(hookId).success ? await this.connections.byHook(hookId) : null;
    if (!connection) {
      throw signatureInvalid();
    }
    await this.perHook.consume(connection.hookId);
    if (!(await this.isSigned(request, connection))) {
      throw signatureInvalid();
    }
    return this.store(connection, request);
  }

  /** A delivery to the address that all hooks share: it belongs to the room whose secret has signed it. */
  async deliverBySignature(request: WebhookRequest): Promise<WebhookAccepted> {
    await this.perAddress.consume(request.address);
    for (const connection of await this.candidatesFor(request)) {
      if (await this.isSigned(request, connection)) {
        return this.store(connection, request);
      }
    }
    throw signatureInvalid();
  }

  /** Queues again what was stored a while ago and is still not processed: its job was never queued, or was given up. */
  async requeueStuck(): Promise<void> {
    const stuck = await this.dataSource.query<{ id: string }[]>(
      `SELECT id FROM webhook_deliveries WHERE processed_at IS NULL AND received_at < $1 ORDER BY received_at LIMIT $2`,
      [new Date(this.clock.now().getTime() - STUCK_MS), MAX_REQUEUED],
    );
    for (const { id } of stuck) {
      await this.requeue(id);
    }
  }

  private isSigned(request: WebhookRequest, connection: RepositoryConnectionEntity): Promise<boolean> {
    return isSignedBy(request, connection.provider, this.connections.secretOf(connection));
  }

  /** Rooms that work on the repository the payload names, in whichever provider's shape it may be read. */
  private async candidatesFor(request: WebhookRequest): Promise<RepositoryConnectionEntity[]> {
    const payload = readPayload(request);
    const named = GIT_PROVIDERS.flatMap((provider) => {
      const repoId = repositoryIdOf(provider, payload);
      return repoId === null ? [] : [{ provider, repoId }];
    });
    return named.length === 0 ? [] : this.connections.to(named);
  }

  private async store(
    { roomId, provider }: RepositoryConnectionEntity,
    request: WebhookRequest,
  ): Promise<WebhookAccepted> {
    const payload = readPayload(request);
    if (payload === undefined) {
      throw new Refusal('invalid_json', 'The payload is not JSON');
    }
    const delivery = deliveryIdOf(request, provider);
    const key = [roomId, provider, delivery];
    const [stored] = await this.dataSource.query<{ id: string }[]>(
      `INSERT INTO webhook_deliveries (room_id, provider, delivery_id, id, event, payload, received_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (room_id, provider, delivery_id) DO NOTHING RETURNING id`,
      [...key, randomUUID(), eventOf(request, provider), JSON.stringify(payload), this.clock.now()],
    );
    if (stored) {
      this.queue(() => this.jobs.add('process-webhook', { deliveryId: stored.id }, { id: stored.id }));
      return { accepted: true, delivery, duplicate: false };
    }
    const [pending] = await this.dataSource.query<{ id: string }[]>(
      `SELECT id FROM webhook_deliveries WHERE room_id = $1 AND provider = $2 AND delivery_id = $3 AND processed_at IS NULL`,
      key,
    );
    if (pending) {
      this.queue(() => this.requeue(pending.id));
    }
    return { accepted: true, delivery, duplicate: true };
  }

  /** Without waiting: the delivery is stored, so that a queue that is away delays it and cannot lose it. */
  private queue(add: () => Promise<void>): void {
    add().catch((error: unknown) => this.logger.warn(`A webhook delivery waits for the next look: ${String(error)}`));
  }

  /** Under a new job id every so often, because a job that was given up keeps its id for days. */
  private requeue(deliveryId: string): Promise<void> {
    const round = Math.floor(this.clock.now().getTime() / REQUEUE_EVERY_MS);
    return this.jobs.add('process-webhook', { deliveryId }, { id: `${deliveryId}-${round}` });
  }
}

/** The payload, or undefined if it is not JSON. */
function readPayload(request: WebhookRequest): unknown {
  try {
    return payloadOf(request);
  } catch (error) {
    if (error instanceof SyntaxError) {
      return undefined;
    }
    throw error;
  }
}
