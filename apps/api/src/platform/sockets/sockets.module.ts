import { Global, Module } from '@nestjs/common';
import { CommandDispatcher } from './command-dispatcher.js';
import { ConnectionHooks } from './connection-hooks.js';
import { Connections } from './connections.js';
import { AgentsGateway, PeopleGateway } from './room-sockets.gateway.js';
import { SocketDrain } from './socket-drain.js';
import { SocketServers } from './socket-servers.js';

@Global()
@Module({
  providers: [
    CommandDispatcher,
    ConnectionHooks,
    Connections,
    SocketServers,
    SocketDrain,
    PeopleGateway,
    AgentsGateway,
  ],
  exports: [CommandDispatcher, ConnectionHooks, Connections, SocketServers],
})
export class SocketsModule {}
