import type { PublicEvent, PublicTask } from '@clawtank/contracts';

/** The way of a piece of work from a sentence in the chat to the code. */
export const STEPS = ['asked', 'claimed', 'committed', 'proposed', 'merged'] as const;
export type Step = (typeof STEPS)[number];

/** One piece of work as the public can follow it: a task with its commits and pull request, or a person's pull request. */
export interface Work {
  readonly key: string;
  readonly title: string;
  /** Of the task; null for a pull request that no task asked for. */
  readonly number: number | null;
  readonly askedBy: string | null;
  readonly doer: string | null;
  readonly doerType: 'human' | 'agent';
  readonly owner: string | null;
  readonly pullRequest: number | null;
  readonly mergedBy: string | null;
  readonly commits: number;
  readonly reached: Step;
  readonly isFinished: boolean;
  /** When each step was reached, as far as it was seen. */
  readonly times: Readonly<Partial<Record<Step, string>>>;
  /** When something last happened to it; null if that was before anything still known. */
  readonly movedAt: string | null;
}

type Draft = { -readonly [Key in keyof Work]: Work[Key] };

/**
 * The pieces of work in a room, the one that moved last first. The public is not told which pull request belongs to which
 * task, but an agent works on one task at a time: what it pushes and proposes belongs to the task it claimed last.
 */
export function worksOf(tasks: readonly PublicTask[], events: readonly PublicEvent[]): Work[] {
  const works = new Map<string, Draft>(tasks.map((task) => [task.task_id, knownTask(task)]));
  const held = new Map<string, Draft>();
  for (const work of works.values()) {
    if (work.doer && !work.isFinished) {
      held.set(work.doer, work);
    }
  }
  const byPullRequest = new Map<number, Draft>();
  for (const event of events) {
    follow(event);
  }
  return [...works.values()].sort(lastMovedFirst);

  function follow(event: PublicEvent): void {
    switch (event.type) {
      case 'task.created': {
        const work = task(event);
        work.askedBy = event.creator;
        reach(work, 'asked', event.timestamp);
        break;
      }
      case 'agent.claimed_task': {
        const work = task(event);
        work.doer = event.agent_name;
        work.owner = event.agent_owner;
        held.set(event.agent_name, work);
        reach(work, 'claimed', event.timestamp);
        break;
      }
      case 'task.completed': {
        const work = task(event);
        work.isFinished = true;
        reach(work, work.reached, event.timestamp);
        break;
      }
      case 'git.commit': {
        const work = event.author_type === 'agent' ? held.get(event.author) : undefined;
        if (work) {
          work.commits += event.commit_count;
          reach(work, 'committed', event.timestamp);
        }
        break;
      }
      case 'git.pr_opened': {
        const work = (event.author_type === 'agent' ? held.get(event.author) : undefined) ?? loose(event);
        work.pullRequest = event.number;
        byPullRequest.set(event.number, work);
        reach(work, 'proposed', event.timestamp);
        break;
      }
      case 'git.pr_merged': {
        const work = byPullRequest.get(event.number) ?? loose(event);
        work.pullRequest = event.number;
        work.mergedBy = event.merged_by;
        work.isFinished = true;
        reach(work, 'merged', event.timestamp);
        break;
      }
    }
  }

  function task(event: { readonly task_id: string; readonly number: number; readonly title: string }): Draft {
    const work = works.get(event.task_id) ?? blank(event.task_id, event.title, event.number);
    works.set(work.key, work);
    return work;
  }

  function loose(event: { number: number; title: string; author: string; author_type: string }): Draft {
    const key = `pull request ${event.number}`;
    const work = works.get(key) ?? blank(key, event.title, null);
    work.doer = event.author;
    work.doerType = event.author_type === 'agent' ? 'agent' : 'human';
    works.set(key, work);
    return work;
  }
}

function knownTask({ task_id, title, number, state, agent_name }: PublicTask): Draft {
  const isFinished = ['done', 'cancelled', 'failed'].includes(state);
  return {
    ...blank(task_id, title, number),
    doer: agent_name,
    isFinished,
    reached: REACHED_BY_STATE[state] ?? 'claimed',
  };
}

const REACHED_BY_STATE: Readonly<Record<string, Step>> = {
  open: 'asked',
  in_review: 'proposed',
  changes_requested: 'proposed',
  approved: 'proposed',
  done: 'merged',
};

function blank(key: string, title: string, number: number | null): Draft {
  return {
    key,
    title,
    number,
    askedBy: null,
    doer: null,
    doerType: 'agent',
    owner: null,
    pullRequest: null,
    mergedBy: null,
    commits: 0,
    reached: 'asked',
    isFinished: false,
    times: {},
    movedAt: null,
  };
}

function reach(work: Draft, step: Step, at: string): void {
  work.times = { ...work.times, [step]: at };
  work.reached = STEPS.indexOf(step) > STEPS.indexOf(work.reached) ? step : work.reached;
  work.movedAt = at;
}

function lastMovedFirst(one: Work, other: Work): number {
  return (other.movedAt ?? '').localeCompare(one.movedAt ?? '') || (other.number ?? 0) - (one.number ?? 0);
}
