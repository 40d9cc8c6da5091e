// `npm run demo`: plays the product's whole story on a server and a database of its own.
import { launch } from './setup/launch.mjs';

await launch('apps/demo/src/main', process.argv.slice(2));
