import type { PublicEvent, PublicView, SpectatorWelcome } from '@clawtank/contracts';

/** What happens by itself, rather than to something said before. */
export type StandingView = Exclude<PublicView, { readonly type: 'chat.edited' | 'chat.deleted' }>;
type Placed = Pick<PublicEvent, 'public_seq' | 'event_id' | 'timestamp'>;

const START = Date.parse('2026-11-21T12:00:00Z');

/** For tests: what happened, one after the other, a minute apart unless said otherwise, numbered from `firstSeq`. */
export function happening<View extends PublicView = StandingView>(
  views: readonly View[],
  firstSeq = 1,
  apart = 60_000,
): (View & Placed)[] {
  return views.map((view, index) => ({
    ...view,
    public_seq: firstSeq + index,
    event_id: `event-${firstSeq + index}`,
    timestamp: new Date(START + (firstSeq + index - 1) * apart).toISOString(),
  }));
}

/** For tests: a welcome into an empty room at the start of its log. */
export function aWelcome(changes: Partial<SpectatorWelcome> = {}): SpectatorWelcome {
  return {
    room_info: {
      id: 'harbour',
      name: 'Harbour',
      description: 'Signal lights',
      created_at: new Date(START).toISOString(),
    },
    current_state: { members: [], tasks: [], recent_activity: [], current_files: [] },
    spectator_id: 'spectator_1',
    spectator_token: 'spectator_1.proof',
    public_seq: 0,
    epoch: 'epoch-1',
    recovered: false,
    presence: {
      room_id: 'harbour',
      total_spectators: 1,
      anonymous_count: 1,
      registered_count: 0,
      recent_peak: 1,
      join_rate: 1,
    },
    ...changes,
  };
}

export const said = (author: string, content: string): StandingView => ({
  type: 'chat.public',
  author,
  author_type: 'human',
  content,
});
export const asked = (number: number, title: string): StandingView => ({
  type: 'task.created',
  task_id: `task-${number}`,
  number,
  title,
  creator: 'mara',
});
export const claimed = (number: number, title: string, agent = 'otter'): StandingView => ({
  type: 'agent.claimed_task',
  task_id: `task-${number}`,
  number,
  title,
  agent_name: agent,
  agent_owner: 'mara',
});
export const pushed = (author: string, files: string[] = ['a.md']): StandingView => ({
  type: 'git.commit',
  branch: `agent/${author}`,
  author,
  author_type: 'agent',
  commit_count: 1,
  commits: [{ sha: 'c0ffee1234', message: 'Change it' }],
  files_changed: files,
});
export const proposed = (number: number, title: string, author = 'otter'): StandingView => ({
  type: 'git.pr_opened',
  number,
  title,
  author,
  author_type: author === 'otter' || author === 'heron' ? 'agent' : 'human',
  additions: 3,
  deletions: 0,
  files_changed: ['a.md'],
});
export const merged = (number: number, title: string, author = 'otter'): StandingView => ({
  type: 'git.pr_merged',
  number,
  title,
  author,
  author_type: 'agent',
  merged_by: 'jo',
});
