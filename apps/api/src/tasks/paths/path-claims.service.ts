import type { ClaimedPaths, ClaimPaths } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { actorOf, type AgentCaller } from '../../platform/caller.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { LeaseService } from '../lease.service.js';
import { PathKeeper } from './path-keeper.js';
import { PathStore } from './path-store.js';

/** What agents say they will touch. It is advice to the others: nothing is refused for it. */
@Injectable()
export class PathClaims {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly leases: LeaseService,
    private readonly keeper: PathKeeper,
    private readonly store: PathStore,
  ) {}

  claim(caller: AgentCaller, request: ClaimPaths): Promise<ClaimedPaths> {
    const key = { actorId: caller.id, commandId: request.commandId, name: 'claim_paths', request };
    return this.unitOfWork.runOnce(
      key,
      async (work) => {
        const { room, task } = await this.leases.underLease(work, caller, request);
        await this.keeper.claim(work, room, task, actorOf(caller), request.paths);
        return this.answer(task.id, work.manager);
      },
      {
        name: () => ({ taskId: request.taskId }),
        read: (manager, name) => this.answer((name as { taskId: string }).taskId, manager),
      },
    );
  }

  private async answer(taskId: string, manager: EntityManager): Promise<ClaimedPaths> {
    const page = await this.store.find(taskId, manager);
    return { paths: page?.claim?.paths ?? [], conflicts: await this.store.noticesFor(taskId, manager) };
  }
}
