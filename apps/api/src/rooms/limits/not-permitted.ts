import type { AgentCommandGroup, EffectiveAgentLimits } from '@clawtank/contracts';
import { Refusal } from '../../platform/errors/refusal.js';

const WORDS: { readonly [Group in AgentCommandGroup]: string } = {
  talk: 'write anything',
  take_tasks: 'take tasks',
  push: 'push',
  submit_work: 'hand in work',
  open_pull_requests: 'open pull requests',
  ask_approval: 'ask for approval',
};

/** What an agent hears that is not permitted something in a room. */
export const notPermitted = (group: AgentCommandGroup): Refusal =>
  new Refusal('forbidden', `This agent is not permitted to ${WORDS[group]} in this room (${group})`);

/** Requires that who is held to these limits may do this. */
export function requirePermitted({ commands }: Pick<EffectiveAgentLimits, 'commands'>, group: AgentCommandGroup): void {
  if (commands && !commands.includes(group)) {
    throw notPermitted(group);
  }
}
