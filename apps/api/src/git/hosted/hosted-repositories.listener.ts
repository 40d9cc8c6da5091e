import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { DomainEventMap } from '../../events/domain-events.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { OnDomainEvent } from '../../platform/outbox/on-domain-event.js';
import { JobHandler } from '../../platform/queues/job-handler.js';
import { RoomAccess } from '../../rooms/index.js';
import { RepositoryConnections } from '../connections/repository-connections.service.js';
import { HostedRepositories } from '../hosting/repository-store.js';
import { WebhookInbox } from '../webhooks/webhook-inbox.service.js';
import { HookSender } from './hook-sender.service.js';
import { HostedChanges } from './hosted-changes.service.js';
import { DEFAULT_BRANCH } from './hosting.js';

/** Gives every room its repository, and keeps the promises of the built-in host in the background. */
@Injectable()
export class HostedRepositoriesListener implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(HostedRepositoriesListener.name);
  private settling: Promise<void> = Promise.resolve();

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly rooms: RoomAccess,
    private readonly repositories: HostedRepositories,
    private readonly connections: RepositoryConnections,
    private readonly changes: HostedChanges,
    private readonly sender: HookSender,
    private readonly inbox: WebhookInbox,
  ) {}

  onApplicationBootstrap(): void {
    this.settling = this.changes.settleLeftovers().catch((error: unknown) => this.logger.error(error)); // the regular job finds them again
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.settling;
  }

  @OnDomainEvent('rooms.created')
  async create({ roomId }: DomainEventMap['rooms.created']): Promise<void> {
    await this.unitOfWork.run(async (work) => {
      const [room] = await this.rooms.holdAll(work, [roomId]);
      if (!room || (await this.connections.ofRoom(roomId, work.manager))) {
        return;
      }
      await this.repositories.create(roomId, {
        defaultBranch: DEFAULT_BRANCH,
        readme: `# ${room.name}\n\n${room.description}\n`,
      });
      await this.changes.adopt(work, roomId);
      await this.connections.connectHosted(work, room);
    });
  }

  @OnDomainEvent('rooms.deleted')
  remove({ roomId }: DomainEventMap['rooms.deleted']): Promise<void> {
    return this.repositories.remove(roomId);
  }

  @JobHandler('send-hook')
  send({ deliveryId }: { deliveryId: string }): Promise<void> {
    return this.sender.send(deliveryId);
  }

  @JobHandler('reconcile-git')
  async reconcile(): Promise<void> {
    await this.changes.reconcile();
    await this.inbox.requeueStuck();
  }
}
