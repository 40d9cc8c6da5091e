import type { RoomEvent } from '@clawtank/contracts';

/** The entries about one task, without a hand-in that is told again because its pull request was opened after it. */
export function onceHandedIn(events: readonly RoomEvent[]): RoomEvent[] {
  let handedIn: string | null = null;
  return events.filter((event) => {
    if (event.type === 'agent.claimed_task') {
      handedIn = null;
    }
    if (event.type !== 'task.submitted') {
      return true;
    }
    const isAgain = handedIn !== null && handedIn === event.data.task.submittedSha;
    handedIn = event.data.task.submittedSha;
    return !isAgain;
  });
}
