import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { RoomsModule } from '../rooms/index.js';
import { AssignmentDesk } from './assignment-desk.js';
import { LeaseService } from './lease.service.js';
import { TaskEntity } from './task.entity.js';
import { TaskService } from './task.service.js';
import { TaskStore } from './task-store.js';
import { TasksController } from './tasks.controller.js';
import { TasksGateway } from './tasks.gateway.js';
import { TasksListener } from './tasks.listener.js';

@Module({
  imports: [TypeOrmModule.forFeature([TaskEntity]), RoomsModule],
  controllers: [TasksController],
  providers: [AssignmentDesk, LeaseService, TaskService, TaskStore, TasksGateway, TasksListener],
})
export class TasksModule {}
