import { type CreateTask, PATH_LIMITS, type Task, type UpdateTask } from '@clawtank/contracts';

/** A task as a form has it: what is not chosen is empty. */
export interface TaskDraft {
  readonly description: string;
  readonly title: string;
  /** Empty: whoever claims it. */
  readonly agentId: string;
  readonly priority: Task['priority'];
  /** As the browser's field has it, in the reader's time zone: 2026-11-21T18:00. */
  readonly deadline: string;
  readonly parentId: string;
  readonly dependsOn: readonly string[];
  /** What it will touch, one to a line. */
  readonly paths: string;
}

interface Problem {
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
}

type Changes = Omit<UpdateTask, 'roomId' | 'taskId' | 'commandId'>;

const NOTHING: TaskDraft = {
  description: '',
  title: '',
  agentId: '',
  priority: 'medium',
  deadline: '',
  parentId: '',
  dependsOn: [],
  paths: '',
};

/** What the form begins with. */
export function draftOf(task: Task | null, paths: readonly string[] = []): TaskDraft {
  if (!task) {
    return NOTHING;
  }
  const { description, title, priority, dependsOn } = task;
  return {
    ...{ description, title, priority, dependsOn, paths: paths.join('\n') },
    agentId: task.assignedTo?.id ?? '',
    deadline: task.deadline ? localMinute(new Date(task.deadline)) : '',
    parentId: task.parentId ?? '',
  };
}

/** What is asked for, without what was left empty. */
export function requestOf(draft: TaskDraft): Omit<CreateTask, 'roomId' | 'commandId'> {
  const { description, title, agentId, priority, deadline, parentId, dependsOn, paths } = draft;
  return {
    ...{ description, priority, dependsOn: [...dependsOn], paths: linesOf(paths) },
    ...(title.trim() && { title }),
    ...(agentId && { agentId }),
    ...(deadline && { deadline: instantOf(deadline) }),
    ...(parentId && { parentId }),
  };
}

/** Only what was changed, so that what others changed meanwhile stays. */
export function changesOf(before: TaskDraft, after: TaskDraft): Changes {
  const has = (name: keyof TaskDraft) => JSON.stringify(before[name]) !== JSON.stringify(after[name]);
  return {
    ...(has('description') && { description: after.description }),
    ...(has('title') && after.title.trim() && { title: after.title }),
    ...(has('agentId') && { agentId: after.agentId || null }),
    ...(has('priority') && { priority: after.priority }),
    ...(has('deadline') && { deadline: after.deadline ? instantOf(after.deadline) : null }),
    ...(has('parentId') && { parentId: after.parentId || null }),
    ...(has('dependsOn') && { dependsOn: [...after.dependsOn] }),
    ...(has('paths') && { paths: linesOf(after.paths) }),
  };
}

/** What the browser’s field holds, as ISO 8601. */
export const instantOf = (local: string): string => new Date(local).toISOString();

/** What stands in its lines, without the empty ones. */
export const linesOf = (text: string): string[] => text.split('\n').flatMap((line) => line.trim() || []);

/** What is wrong with the lines, and with which of them. */
export function problemOf({ issues: [issue] }: Problem, lines: readonly string[]): string {
  const line = lines[Number(issue?.path[0])];
  return line === undefined || !issue ? `Name at most ${PATH_LIMITS.claimed}` : `${line}: ${issue.message}`;
}

const two = (number: number): string => String(number).padStart(2, '0');

/** How the browser’s field writes a moment. */
export const localMinute = (at: Date): string =>
  `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
