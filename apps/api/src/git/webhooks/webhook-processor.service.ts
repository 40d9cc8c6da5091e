import { Injectable, Logger } from '@nestjs/common';
import { DataSource, IsNull } from 'typeorm';
import * as z from 'zod';
import { Clock } from '../../platform/clock.js';
import { UnitOfWork, type Work } from '../../platform/database/unit-of-work.js';
import { JobHandler } from '../../platform/queues/job-handler.js';
import { RoomAccess } from '../../rooms/index.js';
import { GitActivity } from '../activity/git-activity.service.js';
import type { RepositoryConnectionEntity } from '../connections/repository-connection.entity.js';
import { RepositoryConnections } from '../connections/repository-connections.service.js';
import type { GitFact } from '../domain/git-fact.js';
import { normalise, repositoryIdOf } from '../domain/normalise.js';
import { type DeliveryOutcome, WebhookDeliveryEntity } from './webhook-delivery.entity.js';

/** What fails for so long will not get better. */
const GIVE_UP_MS = 15 * 60_000;
const MAX_ERROR = 2000;

type Reading = { readonly facts: readonly GitFact[] } | { readonly problem: string };

/** Turns stored deliveries into what happens in the room: each once, whatever order they come in and however often they are tried. */
@Injectable()
export class WebhookProcessor {
  private readonly logger = new Logger(WebhookProcessor.name);

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly dataSource: DataSource,
    private readonly rooms: RoomAccess,
    private readonly connections: RepositoryConnections,
    private readonly activity: GitActivity,
    private readonly clock: Clock,
  ) {}

  @JobHandler('process-webhook')
  async process({ deliveryId }: { deliveryId: string }): Promise<void> {
    try {
      await this.unitOfWork.run((work) => this.settle(work, deliveryId));
    } catch (error) {
      await this.noteFailure(deliveryId, error);
    }
  }

  private async settle(work: Work, deliveryId: string): Promise<void> {
    const { manager } = work;
    const unprocessed = { id: deliveryId, processedAt: IsNull() };
    const delivery = await manager.findOneBy(WebhookDeliveryEntity, unprocessed);
    if (!delivery) {
      return;
    }
    await this.activity.takeTurn(work, delivery.roomId);
    const connection = await this.connections.ofRoom(delivery.roomId, manager);
    const reading = connection ? read(delivery, connection) : { facts: [] };
    const survey =
      connection && 'facts' in reading ? await this.activity.survey(work, connection, reading.facts) : null;

    const [room] = await this.rooms.holdAll(work, [delivery.roomId]);
    const isWaiting = await manager.findOne(WebhookDeliveryEntity, {
      select: { id: true },
      where: unprocessed,
      lock: { mode: 'pessimistic_write' },
    });
    if (!room || !isWaiting) {
      return;
    }
    const current = await this.connections.ofRoom(room.id, manager);
    if (current?.hookId !== connection?.hookId) {
      throw new Error('The room was connected to another repository in this very moment');
    }

    if ('problem' in reading) {
      await this.finish(work, deliveryId, 'failed', reading.problem);
    } else if (
      connection &&
      survey &&
      room.settings.gitIntegration &&
      (await this.activity.apply(work, room, connection, reading.facts, survey))
    ) {
      await this.finish(work, deliveryId, 'applied', null);
    } else {
      await this.finish(work, deliveryId, 'ignored', null);
    }
  }

  private async finish(
    { manager, now }: Work,
    id: string,
    outcome: DeliveryOutcome,
    error: string | null,
  ): Promise<void> {
    await manager.update(WebhookDeliveryEntity, { id }, { processedAt: now, outcome, error });
  }

  /** Keeps why it failed, and has it tried again unless it has failed for long enough. */
  private async noteFailure(deliveryId: string, error: unknown): Promise<void> {
    const now = this.clock.now();
    const reason = (error instanceof Error ? error.message : String(error)).slice(0, MAX_ERROR);
    const [rows] = await this.dataSource.query<[{ processed_at: Date | null }[], number]>(
      `UPDATE webhook_deliveries
          SET error = $2,
              processed_at = CASE WHEN received_at < $3 THEN $4::timestamptz END,
              outcome = CASE WHEN received_at < $3 THEN 'failed' END
        WHERE id = $1 AND processed_at IS NULL RETURNING processed_at`,
      [deliveryId, reason, new Date(now.getTime() - GIVE_UP_MS), now],
    );
    if (!rows[0]?.processed_at) {
      throw error;
    }
    this.logger.error(error);
  }
}

/** What the delivery says of the repository that the room works on. */
function read({ provider, event, payload }: WebhookDeliveryEntity, connection: RepositoryConnectionEntity): Reading {
  if (provider !== connection.provider || repositoryIdOf(provider, payload) !== connection.repoId) {
    return { facts: [] };
  }
  try {
    return { facts: normalise(provider, event, payload) };
  } catch (error) {
    if (error instanceof z.ZodError) {
      return { problem: z.prettifyError(error).slice(0, MAX_ERROR) };
    }
    throw error;
  }
}
