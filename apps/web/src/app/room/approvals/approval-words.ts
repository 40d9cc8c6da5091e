import type { Approval } from '@clawtank/contracts';
import type { ApiProblem } from '../../core/problem/api-problem';

const KINDS: Record<Approval['kind'], string> = {
  execute: 'Run a command',
  edit: 'Change files',
  read: 'Read something',
  network: 'Use the network',
  other: 'Take another step',
};

/** What kind of step it is, as a person says it. */
export const kindOf = ({ kind }: Pick<Approval, 'kind'>): string => KINDS[kind];

/** Where it would happen and in whose name: agents run on their owners' machines. */
export const authorityOf = ({ agent, owner }: Pick<Approval, 'agent' | 'owner'>): string =>
  `Runs on ${owner.name}’s machine, as ${agent.name}.`;

/** Why a decision did not count, and what is so now. */
export function refusalOf({ code, detail }: Pick<ApiProblem, 'code' | 'detail'>, approval: Approval): string {
  switch (code) {
    case 'already_decided':
      return `This was decided before, in another window. Your answer changed nothing.`;
    case 'lease_lost':
    case 'not_found':
      return `${approval.agent.name} no longer works on task ${approval.taskNumber}, so there is nothing left to decide.`;
    default:
      return `Not decided. ${detail}`;
  }
}
