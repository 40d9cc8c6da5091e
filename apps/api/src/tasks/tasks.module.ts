import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AgentsModule } from '../agents/index.js';
import { RoomsModule } from '../rooms/index.js';
import { ApprovalEntity } from './approvals/approval.entity.js';
import { ApprovalService } from './approvals/approval.service.js';
import { ApprovalStore } from './approvals/approval-store.js';
import { ApprovalsGateway } from './approvals/approvals.gateway.js';
import { AssignmentDesk } from './assignment-desk.js';
import { EvidenceGate } from './evidence-gate.js';
import { LeaseService } from './lease.service.js';
import { BranchRadar } from './paths/branch-radar.service.js';
import { BranchSightings } from './paths/branch-sightings.js';
import { ConflictWatch } from './paths/conflict-watch.js';
import { PathClaims } from './paths/path-claims.service.js';
import { PathKeeper } from './paths/path-keeper.js';
import { PathStore } from './paths/path-store.js';
import { TaskConflictEntity } from './paths/task-conflict.entity.js';
import { TaskPathsEntity } from './paths/task-paths.entity.js';
import { ReceiptService } from './receipt.service.js';
import { ReviewService } from './review.service.js';
import { TaskEntity } from './task.entity.js';
import { TaskService } from './task.service.js';
import { TaskFollower } from './task-follower.service.js';
import { TaskLife } from './task-life.js';
import { TaskStore } from './task-store.js';
import { TasksController } from './tasks.controller.js';
import { TasksGateway } from './tasks.gateway.js';
import { TasksListener } from './tasks.listener.js';

@Module({
  imports: [
    TypeOrmModule.forFeature([TaskEntity, ApprovalEntity, TaskPathsEntity, TaskConflictEntity]),
    AgentsModule,
    RoomsModule,
  ],
  controllers: [TasksController],
  providers: [
    ApprovalService,
    ApprovalStore,
    ApprovalsGateway,
    AssignmentDesk,
    BranchRadar,
    BranchSightings,
    ConflictWatch,
    EvidenceGate,
    LeaseService,
    PathClaims,
    PathKeeper,
    PathStore,
    ReceiptService,
    ReviewService,
    TaskFollower,
    TaskLife,
    TaskService,
    TaskStore,
    TasksGateway,
    TasksListener,
  ],
})
export class TasksModule {}
