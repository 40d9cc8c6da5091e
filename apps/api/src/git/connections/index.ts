import { RepositoryConnectionEntity } from './repository-connection.entity.js';
import { RepositoryConnectionsController } from './repository-connections.controller.js';
import { RepositoryConnections } from './repository-connections.service.js';

export const CONNECTION_ENTITIES = [RepositoryConnectionEntity];
export const CONNECTION_CONTROLLERS = [RepositoryConnectionsController];
export const CONNECTION_PROVIDERS = [RepositoryConnections];
