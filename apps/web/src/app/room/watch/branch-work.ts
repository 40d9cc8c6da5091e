import { httpResource } from '@angular/common/http';
import { Component, computed, inject, input, linkedSignal } from '@angular/core';
import type { BranchDiff } from '@clawtank/contracts';
import { LucideGitBranch } from '../../shared/icon/icons';
import { DiffView } from '../../shared/diff/diff-view';
import { FileStatus } from '../../shared/file-status';
import { RelativeTime } from '../../shared/relative-time';
import { RoomStore } from '../state/room-store';

/** What an agent has pushed to its branch so far: commits and changes, which grow as it pushes. */
@Component({
  selector: 'ct-branch-work',
  imports: [DiffView, FileStatus, LucideGitBranch, RelativeTime],
  template: `
    <h3>
      <svg lucideGitBranch [size]="14" class="violet"></svg> <code>{{ branch() }}</code>
    </h3>
    @if (shown(); as diff) {
      <p class="faint" role="status">
        {{ diff.totalCommits }} {{ diff.totalCommits === 1 ? 'commit' : 'commits' }}, {{ diff.files.length }}
        {{ diff.files.length === 1 ? 'file' : 'files' }}
        <span class="sums"
          ><span class="added">+{{ added() }}</span> <span class="removed">−{{ removed() }}</span></span
        >
      </p>
      <ol class="commits" aria-label="Commits">
        @for (commit of commits(); track commit.sha) {
          <li>
            <code [title]="commit.sha">{{ commit.sha.slice(0, 7) }}</code>
            <span class="said">{{ commit.title }}</span>
            @if (commit.timestamp; as at) {
              <ct-time [at]="at" />
            }
          </li>
        }
      </ol>
      <div class="files">
        @for (file of diff.files; track file.path) {
          <details [open]="diff.files.length <= 3">
            <summary>
              <ct-file-status [status]="file.status" />
              <code class="path">{{ file.previousPath ? file.previousPath + ' → ' : '' }}{{ file.path }}</code>
              <span class="sums"
                ><span class="added">+{{ file.additions }}</span>
                <span class="removed">−{{ file.deletions }}</span></span
              >
            </summary>
            <ct-diff [patch]="file.patch" [path]="file.path" [binary]="file.binary" [truncated]="file.truncated" />
          </details>
        }
      </div>
    } @else if (diff.error()) {
      <p class="faint">The branch is not here any more, or cannot be read.</p>
    }
  `,
  styleUrl: '../work/detail.css',
  styles: `
    :host {
      gap: var(--space-2);
      padding: 0;
    }

    h3 {
      display: flex;
      align-items: center;
      gap: var(--space-1);
      overflow-wrap: anywhere;
    }

    .faint {
      color: var(--ink-faint);
      font-size: var(--text-s);
    }

    .commits {
      display: grid;
      gap: var(--space-1);
    }

    .commits li {
      display: grid;
      grid-template-columns: auto minmax(0, 1fr) auto;
      gap: var(--space-2);
      align-items: baseline;
      font-size: var(--text-s);
    }

    .commits code {
      color: var(--violet);
    }

    .said {
      overflow-wrap: anywhere;
    }

    .commits ct-time {
      color: var(--ink-faint);
      font-size: var(--text-xs);
    }
  `,
})
export class BranchWork {
  private readonly store = inject(RoomStore);

  readonly branch = input.required<string>();
  /** The tip as the room last heard of it: with another one the branch is read again. */
  readonly tip = input.required<string | null>();

  protected readonly diff = httpResource<BranchDiff>(() => {
    this.tip();
    return { url: `/api/rooms/${this.store.roomId()}/branches/${encodeURIComponent(this.branch())}/diff` };
  });
  /** The last answer stays on screen while a newer one is on its way. */
  protected readonly shown = linkedSignal<BranchDiff | null, BranchDiff | null>({
    source: () => (this.diff.hasValue() ? this.diff.value() : null),
    computation: (newest, before) => newest ?? before?.value ?? null,
  });
  /** Newest first. */
  protected readonly commits = computed(() =>
    (this.shown()?.commits ?? []).map((commit) => ({ ...commit, title: commit.message.split('\n', 1)[0] })).reverse(),
  );
  protected readonly added = computed(() => sum(this.shown()?.files.map(({ additions }) => additions)));
  protected readonly removed = computed(() => sum(this.shown()?.files.map(({ deletions }) => deletions)));
}

const sum = (numbers: readonly number[] = []): number => numbers.reduce((total, each) => total + each, 0);
