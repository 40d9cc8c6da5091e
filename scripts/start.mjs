// `npm start`: from a fresh clone to a running server.
import { launch } from './setup/launch.mjs';

await launch('apps/api/src/main', process.argv.slice(2));
