/** What tasks announce. */
export interface TasksEvents {
  /** A person approved the work that was handed in. */
  'tasks.approved': { readonly roomId: string; readonly taskId: string };
  /** The branch that holds a task's work is known, whatever is on it by now. */
  'tasks.branch_named': { readonly roomId: string; readonly taskId: string; readonly branch: string };
}
