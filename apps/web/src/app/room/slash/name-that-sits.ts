import { ApiProblem } from '../../core/problem/api-problem';

interface Named {
  readonly id: string;
  readonly name: string;
  readonly type: 'human' | 'agent';
}

/** Whom a command means by a name, without regard to case. Nobody, or not the kind that is wanted, is a problem in words. */
export function nameThatSits(
  written: string,
  seats: readonly Named[],
  wanted: Named['type'] | 'either' = 'either',
  what = 'has a seat here',
): Named {
  const seat = seats.find(({ name }) => name.toLowerCase() === written.toLowerCase());
  if (!seat) {
    throw problem(`Nobody called “${written}” ${what}.`);
  }
  if (wanted !== 'either' && seat.type !== wanted) {
    throw problem(
      wanted === 'agent'
        ? `${seat.name} is a person; tasks are for agents.`
        : `${seat.name} is an agent; this is for people. Speak to its owner, or remove it with /kick.`,
    );
  }
  return seat;
}

const problem = (detail: string): ApiProblem => new ApiProblem('not_found', 404, 'That did not work', detail);
