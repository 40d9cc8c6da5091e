import type { AgentKey, RegisterKey } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import type { AgentCaller } from '../platform/caller.js';
import { Command } from '../platform/sockets/command.js';
import { AgentKeys } from './agent-keys.service.js';

@Injectable()
export class AgentKeysGateway {
  constructor(private readonly keys: AgentKeys) {}

  @Command('register_key')
  register(caller: AgentCaller, request: RegisterKey): Promise<AgentKey> {
    return this.keys.register(caller, request);
  }
}
