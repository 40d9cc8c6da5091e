import { CommandRefused, GitFailed } from '@clawtank/agent-sdk';
import { RepositoryUnfit } from '@clawtank/agent-work';
import { AgentDied, AgentRefused } from './acp/acp-agent.js';
import { classify, type Failure } from './domain/failure.js';

/** The task ends without a result; the message is for the room. */
export class TaskFailed extends Error {
  constructor(
    message: string,
    readonly retryable: boolean,
    /** Until when the agent cannot do anything else either. */
    readonly until: Date | null = null,
  ) {
    super(message);
  }
}

const WHY: Readonly<Record<Failure['kind'], string>> = {
  quota: 'The agent’s quota is used up',
  'rate-limit': 'The agent’s service asks it to slow down',
  'signed-out': 'The agent is not signed in; its owner has to start it once by hand and sign in',
  other: 'The agent failed',
};

/** What went wrong as a failure of the task; null for a mistake of ours, which is nobody's to read but ours. */
export function asTaskFailure(error: unknown, now: Date): TaskFailed | null {
  if (error instanceof TaskFailed) {
    return error;
  }
  if (error instanceof AgentDied || error instanceof AgentRefused) {
    return agentFailure(error.message, now);
  }
  if (error instanceof GitFailed) {
    return new TaskFailed(error.message, error.isWorthAnotherTry);
  }
  if (error instanceof CommandRefused && error.code === 'unavailable') {
    return new TaskFailed(error.message, true);
  }
  return error instanceof RepositoryUnfit ? new TaskFailed(error.message, false) : null;
}

/** What the agent said when it failed, told so that the room knows what to expect, and when. */
export function agentFailure(said: string, now: Date): TaskFailed {
  const { kind, until } = classify(said, now);
  const when = until ? ` until ${until.toISOString()}` : '';
  return new TaskFailed(`${WHY[kind]}${when}: ${said}`, true, until);
}
