export { AgentEntity } from './agent.entity.js';
export { AgentsModule } from './agents.module.js';
export { Agents } from './agents.service.js';
