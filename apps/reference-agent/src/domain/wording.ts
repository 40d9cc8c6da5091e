import type { Edit } from './instructions.js';

const MAX_SLUG = 40;
const MAX_SUBJECT = 72;

/** The branch for a task: the same whenever the task is done again by this agent. */
export function branchName(agent: string, task: { readonly number: number; readonly title: string }): string {
  const slug = task.title
    .replace(/@[\w-]+/g, '')
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, MAX_SLUG)
    .replace(/^-+|-+$/g, '');
  return `agent/${agent}/task-${task.number}${slug && `-${slug}`}`;
}

/** The edits in one line: "Create docs/hello.md", or "Create docs/hello.md and 2 more changes". */
export function subject(edits: readonly Edit[]): string {
  const [first] = edits;
  const more = edits.length - 1;
  const rest = more === 0 ? '' : ` and ${more} more ${more === 1 ? 'change' : 'changes'}`;
  return first ? `${shortened(describe(first), MAX_SUBJECT - rest.length)}${rest}` : '';
}

/** Every edit in a line of its own. */
export function listing(edits: readonly Edit[]): string {
  return edits.map((edit) => `- ${describe(edit)}`).join('\n');
}

/** What a commit says. Trailers become its last paragraph, so nothing in the title of a task can pass for one. */
export function commitWords(
  edits: readonly Edit[],
  task: { number: number; title: string; id: string },
  agent: { agentId: string },
): { message: string; trailers: Record<string, string> } {
  return {
    message: `${subject(edits)}\n\nTask ${task.number}: ${task.title.replace(/\s+/g, ' ').trim()}`,
    trailers: {
      'ClawTank-Task': task.id,
      'ClawTank-Agent': agent.agentId,
      'Assisted-by': 'clawtank-reference-agent',
    },
  };
}

function describe(edit: Edit): string {
  switch (edit.kind) {
    case 'create':
      return `Create ${edit.file}`;
    case 'append':
      return `Append to ${edit.file}`;
    case 'replace':
      return `Replace text in ${edit.file}`;
    case 'delete':
      return `Delete ${edit.file}`;
    case 'rename':
      return `Rename ${edit.from} to ${edit.to}`;
  }
}

function shortened(text: string, length: number): string {
  const points = [...text];
  return points.length > length ? `${points.slice(0, length - 1).join('')}…` : text;
}
