import type {
  DeleteDirectMessage,
  DirectMessage,
  EditDirectMessage,
  MarkDirectRead,
  SendDirectMessage,
} from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import type { Caller, HumanCaller } from '../platform/caller.js';
import { Command } from '../platform/sockets/command.js';
import type { Connection } from '../platform/sockets/connection.js';
import { Direct } from './direct.service.js';

@Injectable()
export class DirectGateway {
  constructor(private readonly direct: Direct) {}

  @Command('direct_message')
  send(caller: Caller, request: SendDirectMessage): Promise<DirectMessage> {
    return this.direct.send(caller, request);
  }

  @Command('edit_direct_message')
  edit(caller: Caller, request: EditDirectMessage): Promise<DirectMessage> {
    return this.direct.edit(caller, request);
  }

  @Command('delete_direct_message')
  delete(caller: Caller, request: DeleteDirectMessage): Promise<DirectMessage> {
    return this.direct.delete(caller, request);
  }

  @Command('mark_direct_read')
  markRead(caller: HumanCaller, request: MarkDirectRead, connection: Connection): Promise<void> {
    return this.direct.markRead(caller, request, connection);
  }
}
