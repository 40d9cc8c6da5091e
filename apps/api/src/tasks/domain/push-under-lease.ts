/** What an agent holds at the moment in which it pushes, and whose work the branch is. */
export interface PushUnderLease {
  /** The tasks in the room of which it has the living lease. */
  readonly heldTaskIds: readonly string[];
  /** The unfinished tasks whose work is known to be on the branch. */
  readonly taskIdsOfBranch: readonly string[];
}

/** An agent pushes only for what it holds, and never to the branch of a task that it does not hold. */
export function decidePush({
  heldTaskIds,
  taskIdsOfBranch,
}: PushUnderLease): 'granted' | 'holds_nothing' | 'holds_another_task' {
  if (heldTaskIds.length === 0) {
    return 'holds_nothing';
  }
  return taskIdsOfBranch.length === 0 || taskIdsOfBranch.some((id) => heldTaskIds.includes(id))
    ? 'granted'
    : 'holds_another_task';
}
