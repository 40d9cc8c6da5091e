import { randomBytes, randomUUID } from 'node:crypto';
import type { ConnectedRepository, ConnectRepository, RepositoryConnection, RepositoryView } from '@clawtank/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { actorOf, type Caller, type HumanCaller, SYSTEM } from '../../platform/caller.js';
import { SETTINGS, type Settings } from '../../platform/config/settings.js';
import { UnitOfWork, type Work } from '../../platform/database/unit-of-work.js';
import { notFound } from '../../platform/errors/refusal.js';
import { SecretBox } from '../../platform/secret-box.js';
import { AuditLog, RoomAccess, type RoomEntity, RoomLog, RoomService } from '../../rooms/index.js';
import { RepositoryConnectionEntity } from './repository-connection.entity.js';

const HOSTED_BRANCH = 'main';
const SECRET_BYTES = 32;
/** Of one repository; more rooms than that must use their hooks' own addresses. */
const MAX_CANDIDATES = 100;

type NewConnection = Pick<RepositoryConnectionEntity, 'provider' | 'repoId' | 'fullName' | 'defaultBranch'> & {
  readonly accessToken?: string | undefined;
};

const boxOf = (hookId: string, column: 'webhook_secret' | 'access_token'): string =>
  `room_git_repos:${hookId}:${column}`;

/** Which repository each room works on: the one ClawTank hosts for it, or one at GitHub or GitLab. */
@Injectable()
export class RepositoryConnections {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly dataSource: DataSource,
    private readonly rooms: RoomAccess,
    private readonly roomService: RoomService,
    private readonly log: RoomLog,
    private readonly audit: AuditLog,
    private readonly secrets: SecretBox,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  ofRoom(roomId: string, manager: EntityManager = this.dataSource.manager): Promise<RepositoryConnectionEntity | null> {
    return manager.findOneBy(RepositoryConnectionEntity, { roomId });
  }

  byHook(hookId: string): Promise<RepositoryConnectionEntity | null> {
    return this.dataSource.manager.findOneBy(RepositoryConnectionEntity, { hookId });
  }

  /** Rooms that work on one of these repositories, the first connected first. */
  to(
    repositories: readonly Pick<RepositoryConnectionEntity, 'provider' | 'repoId'>[],
  ): Promise<RepositoryConnectionEntity[]> {
    return this.dataSource.manager.find(RepositoryConnectionEntity, {
      where: repositories.map(({ provider, repoId }) => ({ provider, repoId })),
      order: { connectedAt: 'ASC', roomId: 'ASC' },
      take: MAX_CANDIDATES,
    });
  }

  /** What the provider signs its deliveries with. */
  secretOf({ hookId, webhookSecretEncrypted }: RepositoryConnectionEntity): string {
    return this.secrets.open(webhookSecretEncrypted, boxOf(hookId, 'webhook_secret'));
  }

  /** Where git finds the repository; of one that is hosted here, as a path. */
  cloneUrlOf(connection: RepositoryConnectionEntity): string {
    return this.present(connection).cloneUrl;
  }

  /** What the room may ask the provider with; null if it was given nothing. */
  accessTokenOf({ hookId, accessTokenEncrypted }: RepositoryConnectionEntity): string | null {
    return accessTokenEncrypted && this.secrets.open(accessTokenEncrypted, boxOf(hookId, 'access_token'));
  }

  /** Gives a room that has no repository yet the hosted one. */
  async connectHosted(work: Work, room: RoomEntity): Promise<void> {
    if (await this.ofRoom(room.id, work.manager)) {
      return;
    }
    const { connection } = await this.replace(work, room, hostedRepositoryOf(room));
    const repository = this.present(connection);
    await this.log.append(work, room, { type: 'git.connected', actor: SYSTEM, data: { repository } });
  }

  /** Makes the room work on a repository elsewhere. The hook's secret is in the answer and never shown again. */
  connect(caller: HumanCaller, roomId: string, request: ConnectRepository): Promise<ConnectedRepository> {
    return this.unitOfWork.run(async (work) => {
      const { room } = await this.rooms.enter(work, caller, roomId, 'configure');
      const { connection, secret } = await this.replace(work, room, request);
      const repository = this.present(connection);
      await this.log.append(work, room, { type: 'git.connected', actor: actorOf(caller), data: { repository } });
      await this.audit.record(work, {
        roomId,
        action: 'git.connected',
        actor: actorOf(caller),
        target: request.fullName,
        details: { provider: request.provider, repoId: request.repoId },
      });
      return {
        provider: request.provider,
        repoId: request.repoId,
        webhookUrl: this.webhookUrl(connection),
        webhookSecret: secret,
      };
    });
  }

  /** Takes the room back to its hosted repository, and keeps it there if it is there already. */
  async disconnect(caller: HumanCaller, roomId: string): Promise<void> {
    await this.unitOfWork.run(async (work) => {
      const { room } = await this.rooms.enter(work, caller, roomId, 'configure');
      const former = await this.ofRoom(roomId, work.manager);
      if (!former || former.provider === 'clawtank') {
        return;
      }
      const { connection } = await this.replace(work, room, hostedRepositoryOf(room));
      const data = { provider: former.provider, repository: this.present(connection) };
      await this.log.append(work, room, { type: 'git.disconnected', actor: actorOf(caller), data });
      await this.audit.record(work, {
        roomId,
        action: 'git.disconnected',
        actor: actorOf(caller),
        target: former.fullName,
        details: { provider: former.provider, repoId: former.repoId },
      });
    });
  }

  async show(caller: Caller, roomId: string): Promise<RepositoryConnection> {
    await this.rooms.look(caller, roomId, 'configure');
    const connection = await this.ofRoom(roomId);
    if (!connection) {
      throw notFound('repository');
    }
    return {
      repository: this.present(connection),
      fullName: connection.fullName,
      webhookUrl: connection.provider === 'clawtank' ? null : this.webhookUrl(connection),
      connectedAt: connection.connectedAt.toISOString(),
    };
  }

  /** Puts a connection in the place of the former one, with a hook and a secret of its own. */
  private async replace(
    work: Work,
    room: RoomEntity,
    { accessToken, provider, repoId, fullName, defaultBranch }: NewConnection,
  ): Promise<{ connection: RepositoryConnectionEntity; secret: string }> {
    const hookId = randomUUID();
    const secret = randomBytes(SECRET_BYTES).toString('base64url');
    const connection = work.manager.create(RepositoryConnectionEntity, {
      roomId: room.id,
      provider,
      repoId,
      fullName,
      defaultBranch,
      hookId,
      webhookSecretEncrypted: this.secrets.seal(secret, boxOf(hookId, 'webhook_secret')),
      accessTokenEncrypted:
        accessToken === undefined ? null : this.secrets.seal(accessToken, boxOf(hookId, 'access_token')),
      connectedAt: work.now,
    });
    await work.manager.upsert(RepositoryConnectionEntity, connection, ['roomId']);
    await this.roomService.setRepository(work, room, this.present(connection));
    return { connection, secret };
  }

  private present({ roomId, provider, repoId, fullName, defaultBranch }: RepositoryConnectionEntity): RepositoryView {
    if (provider === 'clawtank') {
      return { provider, repoId, cloneUrl: `/git/${roomId}.git`, webUrl: null, defaultBranch };
    }
    const webUrl = `${this.addressOf(provider)}/${fullName}`;
    return { provider, repoId, cloneUrl: `${webUrl}.git`, webUrl, defaultBranch };
  }

  private addressOf(provider: 'github' | 'gitlab'): string {
    return this.settings[provider]?.baseUrl ?? `https://${provider}.com`;
  }

  private webhookUrl({ hookId }: RepositoryConnectionEntity): string {
    return `${this.settings.publicUrl}/api/webhooks/git/${hookId}`;
  }
}

const hostedRepositoryOf = ({ id }: RoomEntity): NewConnection => ({
  provider: 'clawtank',
  repoId: id,
  fullName: id,
  defaultBranch: HOSTED_BRANCH,
});
