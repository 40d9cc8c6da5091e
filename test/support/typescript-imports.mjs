// Node strips types by itself, but takes import paths literally: it does not find './clock.js' where only './clock.ts' is, nor
// our own libraries by the names that tsconfig.base.json gives them. Jest's global set-up, child processes of tests, the benchmark
// and the stress suite import sources directly, so this teaches Node the two missing rules.
import { registerHooks } from 'node:module';

const LIBRARIES = new URL('../../libs/', import.meta.url);

registerHooks({
  resolve(specifier, context, nextResolve) {
    const fromTypeScript = context.parentURL?.endsWith('.ts') && !context.parentURL.includes('/node_modules/');
    const library = /^@clawtank\/([\w-]+)$/.exec(specifier)?.[1];
    if (fromTypeScript && library) {
      return nextResolve(new URL(`${library}/src/index.ts`, LIBRARIES).href, context);
    }
    return nextResolve(fromTypeScript ? specifier.replace(/^(\..*)\.js$/, '$1.ts') : specifier, context);
  },
});
