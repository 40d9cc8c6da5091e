import { join } from 'node:path';
import { installedPackage } from '../support/npm-package.js';

/** The version that the plugin is shown to work with. `OPENCLAW_VERSION=latest` looks at what came after it. */
const VERSION = '2026.9.6';

/** OpenClaw as npm has it, some 650 MB: answers the folder that holds its `node_modules`. */
export const openClawFolder = (): Promise<string> =>
  installedPackage('openclaw', process.env['OPENCLAW_VERSION'] ?? VERSION);

/** The file to run. */
export const openClawProgram = async (): Promise<string> =>
  join(await openClawFolder(), 'node_modules', 'openclaw', 'openclaw.mjs');
