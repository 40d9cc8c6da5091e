export { takenOrError, violatedConstraint } from './unique-violation.js';
export { type ProviderName, UserEntity } from './user.entity.js';
export { UsersModule } from './users.module.js';
export { Users } from './users.service.js';
