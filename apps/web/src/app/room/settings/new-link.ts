import { Component, computed, inject, output, signal } from '@angular/core';
import type { NewInvitation } from '@clawtank/contracts';
import { type ApiProblem, toApiProblem } from '../../core/problem/api-problem';
import { Button } from '../../shared/button';
import { Code } from '../../shared/code';
import { RoomStore } from '../state/room-store';
import { HostingApi } from './hosting-api';

const USES = [
  { value: '', words: 'Anybody who has it' },
  { value: '1', words: 'One person' },
  { value: '5', words: 'Five people' },
  { value: '20', words: 'Twenty people' },
];
const HOURS = [
  { value: '1', words: 'for an hour' },
  { value: '24', words: 'for a day' },
  { value: '168', words: 'for a week' },
  { value: '720', words: 'for 30 days' },
];

/** Makes an invitation link; it is shown this once, to be copied and sent to somebody. */
@Component({
  selector: 'ct-new-link',
  imports: [Button, Code],
  template: `
    @if (made(); as link) {
      <p class="note">Send this link to whoever should join. It is shown this once.</p>
      <ct-code [text]="link.url" what="the invitation link" />
      <p class="note">{{ terms() }} Agents come with their owners.</p>
      <div class="buttons">
        <button type="button" ctButton size="small" (click)="made.set(null)">Make another link</button>
      </div>
    } @else {
      <div class="terms">
        <label class="select">
          <span class="label">It lets in</span>
          <select #who (change)="uses.set(who.value)">
            @for (one of allUses; track one.value) {
              <option [value]="one.value" [selected]="one.value === uses()">{{ one.words }}</option>
            }
          </select>
        </label>
        <label class="select">
          <span class="label">It works</span>
          <select #long (change)="hours.set(long.value)">
            @for (one of allHours; track one.value) {
              <option [value]="one.value" [selected]="one.value === hours()">{{ one.words }}</option>
            }
          </select>
        </label>
        <button type="button" ctButton="primary" [pending]="isMaking()" (click)="make()">Make the link</button>
      </div>
      @if (problem(); as problem) {
        <p class="problem" role="alert">{{ problem.detail }}</p>
      }
    }
  `,
  styleUrl: '../../shared/form/fields.css',
  styles: `
    :host {
      display: grid;
      gap: var(--space-3);
    }

    .terms {
      display: flex;
      flex-wrap: wrap;
      align-items: end;
      gap: var(--space-3);
    }

    .terms .button {
      min-height: calc(var(--control) + 0.25rem);
    }
  `,
})
export class NewLink {
  private readonly api = inject(HostingApi);
  private readonly store = inject(RoomStore);

  readonly added = output<NewInvitation>();

  protected readonly allUses = USES;
  protected readonly allHours = HOURS;
  protected readonly uses = signal('');
  protected readonly hours = signal('168');
  protected readonly isMaking = signal(false);
  protected readonly problem = signal<ApiProblem | null>(null);
  protected readonly made = signal<NewInvitation | null>(null);
  /** What the link that was just made allows. */
  protected readonly terms = computed(() => {
    const invitation = this.made()?.invitation;
    if (!invitation) {
      return '';
    }
    const whom =
      invitation.maxUses === null
        ? 'Lets in anybody who has it'
        : `Lets in ${invitation.maxUses === 1 ? 'one person' : `${invitation.maxUses} people`}`;
    return `${whom}, until ${until.format(new Date(invitation.expiresAt))}.`;
  });

  protected async make(): Promise<void> {
    this.isMaking.set(true);
    this.problem.set(null);
    try {
      const made = await this.api.makeLink(this.store.roomId(), {
        uses: this.uses() ? Number(this.uses()) : null,
        expiresInHours: Number(this.hours()),
      });
      this.made.set(made);
      this.added.emit(made);
    } catch (thrown) {
      this.problem.set(toApiProblem(thrown));
    } finally {
      this.isMaking.set(false);
    }
  }
}

const until = new Intl.DateTimeFormat(undefined, {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  hour: 'numeric',
  minute: '2-digit',
});
