import type { CreateTask, Task, UpdateTask } from '@clawtank/contracts';

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
};

/** What the form begins with. */
export function draftOf(task: Task | null): TaskDraft {
  if (!task) {
    return NOTHING;
  }
  const { description, title, priority, dependsOn } = task;
  return {
    ...{ description, title, priority, dependsOn },
    agentId: task.assignedTo?.id ?? '',
    deadline: task.deadline ? localMinute(new Date(task.deadline)) : '',
    parentId: task.parentId ?? '',
  };
}

/** What is asked for, without what was left empty. */
export function requestOf(draft: TaskDraft): Omit<CreateTask, 'roomId' | 'commandId'> {
  const { description, title, agentId, priority, deadline, parentId, dependsOn } = draft;
  return {
    ...{ description, priority, dependsOn: [...dependsOn] },
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
  };
}

/** What the browser’s field holds, as ISO 8601. */
export const instantOf = (local: string): string => new Date(local).toISOString();

const two = (number: number): string => String(number).padStart(2, '0');

/** How the browser’s field writes a moment. */
export const localMinute = (at: Date): string =>
  `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
