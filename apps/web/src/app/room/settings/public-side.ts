import { Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { RoomInfo } from '@clawtank/contracts';
import { LucideEye, LucideEyeOff } from '../../shared/icon/icons';
import { Now } from '../../shared/now';
import { RoomCardView } from '../../shared/room-card/room-card';
import { StateMessage } from '../../shared/state/state-message';
import { RoomStore } from '../state/room-store';
import { cardForStrangers } from './card-for-strangers';

/** What strangers see on the stage, and what they never see. `public-view` of the server decides; this says it. */
const SEEN = [
  'What is said, unless it is marked for members only',
  'Tasks, commits, pull requests and merges',
  'Who is at work, and who comes and goes',
];
const UNSEEN = [
  'Messages for members only, and direct messages',
  'Progress notes, files of code and the repository',
  'E-mail addresses and secrets: masked wherever they are written',
  'What happened while the room was private',
];

/** The room as strangers would find it with these switches. */
@Component({
  selector: 'ct-public-side',
  imports: [LucideEye, LucideEyeOff, RoomCardView, RouterLink, StateMessage],
  template: `
    <h3>What strangers see{{ isSaved() ? '' : ', once saved' }}</h3>
    @if (visibility() === 'private') {
      <div class="frame">
        <ct-state kind="empty" heading="There is no such room">
          Its address answers like one that does not exist, and the lobby does not list it.
        </ct-state>
      </div>
    } @else {
      <p class="where">In the lobby</p>
      @if (card(); as card) {
        <div class="lobby" inert aria-hidden="true"><ct-room-card [room]="card" /></div>
      }
      <p class="where">On the stage</p>
      @if (isWatchable()) {
        <ul>
          @for (thing of seen; track thing) {
            <li><svg lucideEye [size]="16"></svg><span class="visually-hidden">Seen: </span>{{ thing }}</li>
          }
          @for (thing of unseen; track thing) {
            <li class="unseen">
              <svg lucideEyeOff [size]="16"></svg><span class="visually-hidden">Not seen: </span>{{ thing }}
            </li>
          }
        </ul>
        @if (isSaved()) {
          <p><a [routerLink]="['/spectate', store.roomId()]">Watch it as they do</a></p>
        }
      } @else {
        <ul>
          <li class="unseen"><svg lucideEyeOff [size]="16"></svg>Nothing. They may join, and see it from a seat.</li>
        </ul>
      }
    }
  `,
  styles: `
    :host {
      display: grid;
      align-content: start;
      gap: var(--space-2);
      min-width: 0;
      container: public-side / inline-size;
    }

    h3 {
      margin-bottom: var(--space-1);
    }

    .frame {
      border: 1px dashed var(--control-line);
      border-radius: var(--radius-l);
    }

    .where {
      margin-top: var(--space-2);
      color: var(--ink-faint);
      font-size: var(--text-xs);
      font-weight: 600;
    }

    ul {
      display: grid;
      gap: var(--space-2);
      padding: var(--space-3) var(--space-4);
      border: 1px solid var(--line);
      border-radius: var(--radius-m);
      background: var(--surface);
      font-size: var(--text-s);
    }

    li {
      display: grid;
      grid-template-columns: auto minmax(0, 1fr);
      gap: var(--space-2) var(--space-3);
    }

    li svg {
      margin-top: 0.1rem;
      color: var(--good);
    }

    .unseen,
    .unseen svg {
      color: var(--ink-faint);
    }
  `,
})
export class PublicSide {
  private readonly now = inject(Now).value;
  protected readonly store = inject(RoomStore);

  readonly visibility = input.required<RoomInfo['visibility']>();
  readonly isWatchable = input.required<boolean>();
  readonly isSaved = input.required<boolean>();

  protected readonly seen = SEEN;
  protected readonly unseen = UNSEEN;
  protected readonly card = computed(() => {
    const state = this.store.state();
    return state && cardForStrangers(state, this.store.entries(), this.store.viewers(), this.now());
  });
}
