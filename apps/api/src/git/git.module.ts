import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AgentsModule } from '../agents/index.js';
import { AuthModule } from '../auth/index.js';
import { RoomsModule } from '../rooms/index.js';
import { UsersModule } from '../users/index.js';
import { RepositoryLookoutService } from './answers/repository-lookout.service.js';
import { ACTIVITY_CONTROLLERS, ACTIVITY_ENTITIES, ACTIVITY_PROVIDERS, PULL_REQUEST_DETAILS } from './activity/index.js';
import { AUTO_MERGE_PROVIDERS } from './auto-merge/index.js';
import { CONNECTION_CONTROLLERS, CONNECTION_ENTITIES, CONNECTION_PROVIDERS } from './connections/index.js';
import { HookSender } from './hosted/hook-sender.service.js';
import { HostedChanges } from './hosted/hosted-changes.service.js';
import { HostedPullRequestEntity } from './hosted/hosted-pull-request.entity.js';
import { HostedRepositoriesListener } from './hosted/hosted-repositories.listener.js';
import { HOSTING } from './hosted/hosting.js';
import { SmartHttpController } from './hosted/smart-http.controller.js';
import { BranchDiffController, BranchDiffs } from './pull-requests/branch-diff.js';
import { HostedMerging } from './pull-requests/hosted-merging.js';
import { HostedPullRequestDetails } from './pull-requests/hosted-pull-request-details.js';
import { PullRequestService } from './pull-requests/pull-request.service.js';
import { PullRequestsController, PullRequestsGateway } from './pull-requests/pull-requests.controller.js';
import { WEBHOOK_CONTROLLERS, WEBHOOK_ENTITIES, WEBHOOK_PROVIDERS } from './webhooks/index.js';

/** Repositories: the built-in host, the rooms' connections to it or to others, and what providers deliver. */
@Module({
  imports: [
    TypeOrmModule.forFeature([
      ...CONNECTION_ENTITIES,
      ...WEBHOOK_ENTITIES,
      ...ACTIVITY_ENTITIES,
      HostedPullRequestEntity,
    ]),
    RoomsModule,
    AuthModule,
    UsersModule,
    AgentsModule,
  ],
  controllers: [
    ...CONNECTION_CONTROLLERS,
    ...WEBHOOK_CONTROLLERS,
    ...ACTIVITY_CONTROLLERS,
    PullRequestsController,
    BranchDiffController,
    SmartHttpController,
  ],
  providers: [
    ...HOSTING,
    ...CONNECTION_PROVIDERS,
    ...WEBHOOK_PROVIDERS,
    ...ACTIVITY_PROVIDERS,
    ...AUTO_MERGE_PROVIDERS,
    HookSender,
    HostedChanges,
    RepositoryLookoutService,
    HostedMerging,
    HostedPullRequestDetails,
    { provide: PULL_REQUEST_DETAILS, useExisting: HostedPullRequestDetails },
    HostedRepositoriesListener,
    BranchDiffs,
    PullRequestService,
    PullRequestsGateway,
  ],
})
export class GitModule {}
