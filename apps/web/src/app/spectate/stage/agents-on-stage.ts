import type { PublicEvent, PublicMember } from '@clawtank/contracts';
import type { AgentRing } from '../../shared/avatar/avatar';
import type { Work } from './work';

/** An agent as the stage shows it: its ring, and in words what it is doing. */
export interface AgentOnStage {
  readonly id: string;
  readonly name: string;
  readonly owner: string | null;
  readonly ring: AgentRing;
  readonly says: string;
  /** The task or pull request that `says` is about. */
  readonly about: string | null;
}

const ORDER: Record<AgentRing, number> = { busy: 0, silent: 1, waiting: 2, idle: 3, disconnected: 4 };

/** The agents of a room, those at work first. */
export function agentsOnStage(
  members: readonly PublicMember[],
  works: readonly Work[],
  events: readonly PublicEvent[],
): AgentOnStage[] {
  const reported = new Map<string, string>();
  for (const event of events) {
    if (event.type === 'agent.status_change') {
      reported.set(event.agent_name, event.status);
    }
  }
  return members
    .filter(({ type }) => type === 'agent')
    .map((member) => ({
      id: member.id,
      name: member.name,
      owner: member.owner,
      ...doing(member, workOf(member.name, works), reported.get(member.name)),
    }))
    .sort((one, other) => ORDER[one.ring] - ORDER[other.ring] || one.name.localeCompare(other.name));
}

function workOf(agent: string, works: readonly Work[]): Work | undefined {
  return works.find(({ doer, doerType, isFinished }) => doer === agent && doerType === 'agent' && !isFinished);
}

function doing(
  { status }: PublicMember,
  work: Work | undefined,
  reported: string | undefined,
): Pick<AgentOnStage, 'ring' | 'says' | 'about'> {
  if (status === 'offline') {
    return { ring: 'disconnected', says: work ? 'Away, with work unfinished' : 'Away', about: work?.title ?? null };
  }
  if (reported === 'error') {
    return { ring: 'silent', says: 'Ran into a problem', about: work?.title ?? null };
  }
  if (work?.reached === 'proposed') {
    return { ring: 'idle', says: 'Waiting for a review', about: work.title };
  }
  if (work) {
    return { ring: 'busy', says: work.reached === 'committed' ? 'Pushing commits' : 'At work', about: work.title };
  }
  return reported === 'working'
    ? { ring: 'busy', says: 'At work', about: null }
    : { ring: 'idle', says: 'Ready for a task', about: null };
}
