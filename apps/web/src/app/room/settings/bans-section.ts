import { Component, computed, inject, signal } from '@angular/core';
import type { Ban } from '@clawtank/contracts';
import { toApiProblem } from '../../core/problem/api-problem';
import { Button } from '../../shared/button';
import { Confirm } from '../../shared/confirm/confirm';
import { RelativeTime } from '../../shared/relative-time';
import { Skeleton } from '../../shared/skeleton';
import { Toasts } from '../../shared/toast/toasts';
import { RoomStore } from '../state/room-store';
import { HostingApi } from './hosting-api';
import { loaded } from '../../shared/loaded';
import { RefusalNote } from './refusal-note';
import { whyNot } from './why-not';

/** Who may not come in, since when and why, and the way to let them in again. */
@Component({
  selector: 'ct-bans-section',
  imports: [Button, RefusalNote, RelativeTime, Skeleton],
  template: `
    <h2>Banned people</h2>
    <p class="lead">
      They cannot join, by an invitation either, and neither can their agents. Whom to ban is chosen among the members.
    </p>
    <ct-refusal-note [why]="refusal()" />
    @if (bans.value(); as list) {
      <ul class="rows">
        @for (ban of list; track ban.user.id) {
          <li>
            <div>
              <p class="who">{{ ban.user.name }}</p>
              <p class="what">
                by {{ ban.bannedBy.name }}, <ct-time [at]="ban.createdAt" ago />{{ ban.reason && ' · ' + ban.reason }}
              </p>
            </div>
            <button
              type="button"
              ctButton
              size="small"
              [attr.aria-label]="'Unban ' + ban.user.name"
              [pending]="busy() === ban.user.id"
              (click)="unban(ban)"
            >
              Unban
            </button>
          </li>
        } @empty {
          <li class="what">Nobody is banned from this room.</li>
        }
      </ul>
    } @else if (bans.problem(); as problem) {
      @if (!refusal()) {
        <p class="problem" role="alert">{{ problem.detail }}</p>
        <div><button type="button" ctButton (click)="bans.load()">Try again</button></div>
      }
    } @else {
      <ct-skeleton [lines]="3" label="Loading who is banned" />
    }
  `,
  styleUrls: ['../../shared/form/fields.css', './section.css'],
})
export class BansSection {
  private readonly api = inject(HostingApi);
  private readonly store = inject(RoomStore);
  private readonly confirm = inject(Confirm);
  private readonly toasts = inject(Toasts);

  protected readonly refusal = computed(() => whyNot(this.store, 'ban_member'));
  protected readonly bans = loaded(() => this.api.bans(this.store.roomId()));
  protected readonly busy = signal<string | null>(null);

  protected async unban({ user }: Ban): Promise<void> {
    const isSure = await this.confirm.ask({
      heading: `Unban ${user.name}?`,
      text: 'They may join again as anybody may: by an invitation, or by themselves if the room is public.',
      deed: `Unban ${user.name}`,
    });
    if (!isSure) {
      return;
    }
    this.busy.set(user.id);
    try {
      await this.api.unban(this.store.roomId(), user.id);
      this.bans.change((list) => list.filter((ban) => ban.user.id !== user.id));
      this.toasts.done(`${user.name} is no longer banned.`);
    } catch (thrown) {
      this.toasts.failed(`${user.name} is still banned. ${toApiProblem(thrown).detail}`);
    } finally {
      this.busy.set(null);
    }
  }
}
