// `npm test`: runs Jest from a fresh clone. Arguments are Jest's.
import { run } from './setup/child-process.mjs';
import { ensureInstalled } from './setup/install.mjs';
import { runtimeNode } from './setup/runtime.mjs';

const DEFAULT_PROJECTS = ['unit', 'web', 'integration', 'e2e'];
const PROJECTS = [...DEFAULT_PROJECTS, 'endurance', 'agents', 'browser'];
const SELECT = '--selectProjects';

await ensureInstalled();
process.exitCode = await run(
  runtimeNode(),
  [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    'node_modules/jest/bin/jest.js',
    ...withProjectsLast(process.argv.slice(2)),
  ],
  { stdio: 'inherit' },
);

/** Jest takes every word after `--selectProjects` for a project, patterns of file names too; so the projects go last. */
function withProjectsLast(args) {
  const at = args.indexOf(SELECT);
  if (at === -1) return [...args, SELECT, ...DEFAULT_PROJECTS];

  const following = args.slice(at + 1);
  const end = following.findIndex((word) => !PROJECTS.includes(word));
  const projects = end === -1 ? following : following.slice(0, end);
  return [...args.slice(0, at), ...following.slice(projects.length), SELECT, ...projects];
}
