import { Task, TaskDetail } from '@clawtank/contracts';
import { Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import * as z from 'zod';
import type { Caller } from '../platform/caller.js';
import { Answers } from '../platform/http/answers.js';
import { CurrentCaller } from '../platform/http/caller.guard.js';
import { IdParam } from '../platform/http/parameters.js';
import { TaskService } from './task.service.js';

@ApiTags('tasks')
@ApiBearerAuth()
@Controller('rooms/:id/tasks')
export class TasksController {
  constructor(private readonly tasks: TaskService) {}

  @Get()
  @Answers(z.array(Task))
  list(@CurrentCaller() caller: Caller, @IdParam('id') roomId: string): Promise<Task[]> {
    return this.tasks.list(caller, roomId);
  }

  @Get(':taskId')
  @Answers(TaskDetail)
  detail(
    @CurrentCaller() caller: Caller,
    @IdParam('id') roomId: string,
    @IdParam('taskId') taskId: string,
  ): Promise<TaskDetail> {
    return this.tasks.detail(caller, roomId, taskId);
  }
}
