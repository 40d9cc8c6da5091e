/** What tasks announce. */
export interface TasksEvents {
  /** The branch that holds a task's work is known, whatever is on it by now. */
  'tasks.branch_named': { readonly roomId: string; readonly taskId: string; readonly branch: string };
}
