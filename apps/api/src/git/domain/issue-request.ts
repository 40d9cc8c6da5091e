import type { IssueFact } from './git-fact.js';

/** Asks for an issue to be done, by whichever agent claims it. */
const LABEL = 'clawtank';
/** `agent:otter` asks for otter. */
const FOR_AGENT = /^agent:\s*(?<name>.+)$/i;
/** How a provider marks the account of a program. */
const PROGRAM = /\[bot\]$/i;

/** Whose work the sender of a delivery asks an issue to be: that of the agent called so, if one sits in the room; null for any agent's. */
export interface IssueRequest {
  readonly agentName: string | null;
}

/** What labels and assignments of a delivery ask for; null if for nothing. What stood there before has been asked before. */
export function issueRequestOf({ what, newLabels, newAssignees }: IssueFact): IssueRequest | null {
  if (what === 'closed' || what === 'gone') {
    return null;
  }
  const named = newLabels.flatMap((label) => FOR_AGENT.exec(label.trim())?.groups?.['name']?.trim() ?? []);
  if (named[0] !== undefined) {
    return { agentName: named[0] };
  }
  if (newLabels.some((label) => label.trim().toLowerCase() === LABEL)) {
    return { agentName: null };
  }
  const [assignee] = newAssignees;
  return assignee === undefined ? null : { agentName: assignee.replace(PROGRAM, '') };
}
