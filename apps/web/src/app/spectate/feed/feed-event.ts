import { Component, computed, input } from '@angular/core';
import {
  LucideCircleCheck,
  LucideClipboardList,
  LucideGitCommitHorizontal,
  LucideGitMerge,
  LucideGitPullRequest,
  LucideTrophy,
} from '../../shared/icon/icons';
import { Avatar } from '../../shared/avatar/avatar';
import { RelativeTime } from '../../shared/relative-time';
import type { ShownEvent } from './feed-entries';

const SHOWN_FILES = 4;
const SHOWN_COMMITS = 4;

/** One thing that happened, in a shape and colour of its own: tasks, commits, pull requests, merges, levels. */
@Component({
  selector: 'ct-feed-event',
  host: { '[class]': 'look()' },
  imports: [
    Avatar,
    LucideCircleCheck,
    LucideClipboardList,
    LucideGitCommitHorizontal,
    LucideGitMerge,
    LucideGitPullRequest,
    LucideTrophy,
    RelativeTime,
  ],
  templateUrl: './feed-event.html',
  styleUrl: './feed-event.css',
})
export class FeedEvent {
  readonly event = input.required<ShownEvent>();

  protected readonly look = computed(() => this.event().type.replace(/[._]/g, '-'));
  protected readonly mergedBy = computed(() => {
    const event = this.event();
    return event.type === 'git.pr_merged' && event.merged_by ? `, merged by ${event.merged_by}` : '';
  });
  protected readonly commits = computed(() => {
    const event = this.event();
    return event.type === 'git.commit' ? event.commits.slice(0, SHOWN_COMMITS) : [];
  });
  protected readonly files = computed(() => {
    const event = this.event();
    return 'files_changed' in event ? event.files_changed.slice(0, SHOWN_FILES) : [];
  });
  protected readonly moreFiles = computed(() => {
    const event = this.event();
    return 'files_changed' in event ? event.files_changed.length - this.files().length : 0;
  });
}
