// `npm run build`: brings dist/ up to date; `npm run build -- api` only that part of it.
import { ALL_PARTS, ensureBuilt } from './setup/build.mjs';
import { ensureInstalled } from './setup/install.mjs';

const parts = process.argv.slice(2);

await ensureInstalled();
await ensureBuilt(parts.length > 0 ? parts : ALL_PARTS);
