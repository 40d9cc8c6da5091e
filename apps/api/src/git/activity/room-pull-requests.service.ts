import { type PullRequest, SNAPSHOT_LIMITS } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, Not } from 'typeorm';
import type { Caller } from '../../platform/caller.js';
import { notFound } from '../../platform/errors/refusal.js';
import { RoomAccess, RoomSnapshot } from '../../rooms/index.js';
import { PullRequestEntity } from './pull-request.entity.js';
import { presentPullRequest } from './pull-request.presenter.js';

/** The pull requests of a room, as its members see them. */
@Injectable()
export class RoomPullRequests {
  constructor(
    private readonly dataSource: DataSource,
    private readonly rooms: RoomAccess,
    snapshots: RoomSnapshot,
  ) {
    snapshots.contribute('pullRequests', (manager, roomId) => this.snapshot(manager, roomId));
  }

  async list(caller: Caller, roomId: string): Promise<PullRequest[]> {
    await this.rooms.look(caller, roomId, 'read');
    return this.snapshot(this.dataSource.manager, roomId);
  }

  /** The pull request of that number. Of several repositories that the room worked on, the present one's comes first. */
  async get(caller: Caller, roomId: string, number: number): Promise<PullRequest> {
    const { room } = await this.rooms.look(caller, roomId, 'read');
    const found = await this.dataSource.manager.find(PullRequestEntity, {
      where: { roomId, number },
      order: { updatedAt: 'DESC' },
    });
    const present = found.find(
      ({ provider, repoId }) => provider === room.repository?.provider && repoId === room.repository.repoId,
    );
    const pull = present ?? found[0];
    if (!pull) {
      throw notFound('pull request');
    }
    return presentPullRequest(pull);
  }

  /** All open ones and the newest closed ones, by number: in every tie as the reducer settles it. */
  private async snapshot(manager: EntityManager, roomId: string): Promise<PullRequest[]> {
    const open = await manager.findBy(PullRequestEntity, { roomId, state: 'open' });
    const closed = await manager.find(PullRequestEntity, {
      where: { roomId, state: Not('open') },
      order: { updatedAt: 'DESC', number: 'DESC', id: 'DESC' },
      take: SNAPSHOT_LIMITS.closedPullRequests,
    });
    return [...open, ...closed].sort((a, b) => a.number - b.number || (a.id < b.id ? -1 : 1)).map(presentPullRequest);
  }
}
