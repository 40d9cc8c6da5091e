import type { AgentSelf, Task } from '@clawtank/contracts';
import { evidence, type CheckResult } from './checks.js';
import { shortened } from './fence.js';

const MAX_SUBJECT = 72;
const MAX_TITLE = 200;
const MAX_DESCRIPTION = 4000;

type Named = Pick<Task, 'number' | 'title'>;

/** The branch on which an agent does a task: the same whenever it does it again, and no other agent's. */
export const branchName = (task: Pick<Task, 'number'>, agent: Pick<AgentSelf, 'name'>): string =>
  `clawtank/${task.number}-${agent.name}`;

/** The message of the commit, without its trailers. */
export const commitMessage = ({ title, number }: Named): string =>
  `${shortened(flat(title), MAX_SUBJECT) || 'Work'}\n\nTask ${number}`;

export const pullRequestTitle = ({ title, number }: Named): string =>
  shortened(flat(title) || `Task ${number}`, MAX_TITLE);

/** What a reviewer reads: the agent's own words, and which checks were run. */
export function workDescription({ number, title }: Named, summary: string, checks: readonly CheckResult[]): string {
  const tested = checks.length > 0 ? `Checks:\n${shortened(evidence(checks), 1000)}` : 'No checks were configured.';
  const rest = `\n\n${tested}\n\nTask ${number}: ${shortened(flat(title), 200)}`;
  const said = summary.trim() || 'The agent gave no summary.';
  return `${shortened(said, MAX_DESCRIPTION - [...rest].length)}${rest}`;
}

/** The program that helped, as the trailer `Assisted-by` names it. */
export const assistant = ({ name, version }: { readonly name: string; readonly version: string }): string =>
  flat(version ? `${name}:${version}` : name);

function flat(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
}
