// Node strips types by itself, but takes import paths literally: it does not find './clock.js' where only './clock.ts' is.
// Jest's global set-up and child processes of tests import sources of the API directly, so this teaches Node the one missing rule.
import { registerHooks } from 'node:module';

registerHooks({
  resolve(specifier, context, nextResolve) {
    const fromTypeScript = context.parentURL?.endsWith('.ts') && !context.parentURL.includes('/node_modules/');
    return nextResolve(fromTypeScript ? specifier.replace(/^(\..*)\.js$/, '$1.ts') : specifier, context);
  },
});
