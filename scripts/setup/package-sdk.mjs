// `node scripts/setup/package-sdk.mjs` makes of libs/agent-sdk a package that npm can publish, in dist/agent-sdk: one module that holds our
// own libraries and leaves the others to npm, and the types of all of it.
import { copyFileSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { build } from 'esbuild';
import { runStep } from './child-process.mjs';
import { runtimeNode } from './runtime.mjs';

const SOURCE = 'libs/agent-sdk';
const OUT = 'dist/agent-sdk';
const TYPES = join(OUT, 'types');
const OWN_LIBRARY = /(['"])@clawtank\/([\w-]+)\1/g;

const { dependencies } = JSON.parse(readFileSync(join(SOURCE, 'package.json'), 'utf8'));

await build({
  entryPoints: [join(SOURCE, 'src/index.ts')],
  outfile: join(OUT, 'index.js'),
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  tsconfig: 'tsconfig.base.json',
  external: Object.keys(dependencies),
  logLevel: 'warning',
});
const tsc = ['node_modules/typescript/bin/tsc', '-p', join(SOURCE, 'tsconfig.package.json')];
await runStep('Describing its types', runtimeNode(), tsc);
for (const file of globSync(`${TYPES}/**/*.d.ts`)) {
  const text = readFileSync(file, 'utf8');
  // Whoever installs the package has our other libraries only as a part of it.
  const placed = text.replace(OWN_LIBRARY, (_, quote, library) => {
    const path = relative(dirname(file), join(TYPES, library, 'src/index.js'));
    return `${quote}${path.startsWith('.') ? path : `./${path}`}${quote}`;
  });
  if (placed !== text) writeFileSync(file, placed);
}
mkdirSync(OUT, { recursive: true });
for (const file of [join(SOURCE, 'package.json'), join(SOURCE, 'README.md'), 'LICENSE']) {
  copyFileSync(file, join(OUT, basename(file)));
}
