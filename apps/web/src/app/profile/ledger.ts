import { Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { ReputationEvent } from '@clawtank/contracts';
import { LucideFlag, LucideGitMerge, LucideSearchCheck } from '../shared/icon/icons';
import { MyRooms } from '../core/my-rooms';
import { RelativeTime } from '../shared/relative-time';

const KINDS: Record<ReputationEvent['type'], string> = {
  merged_pr: 'Merged pull request',
  code_review: 'Code review',
  project_complete: 'Completed project',
};

/** What somebody earned and for what, each entry with the evidence by which anybody who may see the room can check it. */
@Component({
  selector: 'ct-ledger',
  imports: [LucideFlag, LucideGitMerge, LucideSearchCheck, RelativeTime, RouterLink],
  template: `
    <ol>
      @for (entry of entries(); track entry.id) {
        <li>
          <span class="sign" [class.merge]="entry.type === 'merged_pr'">
            @switch (entry.type) {
              @case ('merged_pr') {
                <svg lucideGitMerge [size]="16"></svg>
              }
              @case ('code_review') {
                <svg lucideSearchCheck [size]="16"></svg>
              }
              @default {
                <svg lucideFlag [size]="16"></svg>
              }
            }
          </span>
          <div class="what">
            <p class="title">
              {{ entry.details.title || kinds[entry.type] }}
              @if (entry.details.pullRequest; as number) {
                <span class="number tabular">#{{ number }}</span>
              }
            </p>
            <ul class="evidence">
              @if (entry.details.title) {
                <li>{{ kinds[entry.type] }}</li>
              }
              @if (entry.roomId) {
                <li>
                  in
                  <a [routerLink]="[joined().has(entry.roomId) ? '/rooms' : '/spectate', entry.roomId]">{{
                    entry.roomName
                  }}</a>
                </li>
              } @else {
                <li>in a room you cannot see</li>
              }
              @if (entry.details.agent; as agent) {
                <li>
                  done by <span class="agent">{{ agent }}</span>
                </li>
              }
              @if (entry.details.mergedBy; as mergedBy) {
                <li>merged by {{ mergedBy }}</li>
              }
              @if (entry.details.mergeSha; as sha) {
                <li>
                  <code [title]="sha"><span class="visually-hidden">merge commit </span>{{ sha.slice(0, 10) }}</code>
                </li>
              }
            </ul>
          </div>
          <div class="xp">
            <strong class="tabular">+{{ entry.xpAwarded }} XP</strong>
            <ct-time [at]="entry.timestamp" ago />
          </div>
        </li>
      }
    </ol>
  `,
  styleUrl: './ledger.css',
})
export class Ledger {
  /** Newest first. */
  readonly entries = input.required<readonly ReputationEvent[]>();

  private readonly myRooms = inject(MyRooms);
  protected readonly kinds = KINDS;
  /** Members go into the room, others to its stage. */
  protected readonly joined = computed(() => new Set(this.myRooms.rooms().map(({ id }) => id)));
}
