export { AgentInstances } from './agent-instances.js';
export { AgentKeys } from './agent-keys.service.js';
export { AgentEntity } from './agent.entity.js';
export { AgentsModule } from './agents.module.js';
export { Agents } from './agents.service.js';
