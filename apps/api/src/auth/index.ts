export { Accounts } from './accounts/accounts.service.js';
export { AuthModule } from './auth.module.js';
export { GitCredentials } from './git-credentials.js';
export { SetupLink } from './setup-link.js';
