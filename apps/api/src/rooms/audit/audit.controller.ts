import { AuditPage, AuditPageOfRooms, ListAudit, ListAuditOfRooms } from '@clawtank/contracts';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { HumanCaller } from '../../platform/caller.js';
import { Answers } from '../../platform/http/answers.js';
import { CurrentCaller, ForPeople } from '../../platform/http/caller.guard.js';
import { IdParam } from '../../platform/http/parameters.js';
import { AuditLog } from './audit-log.js';

@ApiTags('audit')
@ApiBearerAuth()
@ForPeople()
@Controller()
export class AuditController {
  constructor(private readonly audit: AuditLog) {}

  @Get('rooms/:id/audit')
  @Answers(AuditPage)
  list(
    @CurrentCaller() caller: HumanCaller,
    @IdParam('id') roomId: string,
    @Query({ schema: ListAudit }) query: ListAudit,
  ): Promise<AuditPage> {
    return this.audit.list(caller, roomId, query);
  }

  @Get('admin/audit')
  @Answers(AuditPageOfRooms)
  listOfRooms(
    @CurrentCaller() caller: HumanCaller,
    @Query({ schema: ListAuditOfRooms }) { roomId, ...query }: ListAuditOfRooms,
  ): Promise<AuditPageOfRooms> {
    return this.audit.listOfRooms(caller, roomId, query);
  }
}
