import { Component, computed, inject } from '@angular/core';
import { FormField, FormRoot, max, min } from '@angular/forms/signals';
import { RouterLink } from '@angular/router';
import { MAX_ROOM_MEMBERS, type RoomInfo, type SpectatorChatMode } from '@clawtank/contracts';
import { FormProblem } from '../../shared/form/form-problem';
import { VisibilityField } from '../../shared/room-form/visibility-field';
import { RoomStore } from '../state/room-store';
import { PublicSide } from './public-side';
import { RefusalNote } from './refusal-note';
import { SaveBar } from './save-bar';
import { settingsForm } from './settings-form';

interface Draft {
  readonly visibility: RoomInfo['visibility'];
  readonly spectatorAllowed: boolean;
  readonly spectatorChat: SpectatorChatMode;
  readonly maxMembers: number;
}

/** Who may find the room, watch it, and sit in it; beside the switches, what strangers see of it. */
@Component({
  selector: 'ct-access-section',
  imports: [FormField, FormProblem, FormRoot, PublicSide, RefusalNote, RouterLink, SaveBar, VisibilityField],
  template: `
    <div class="switches">
      <h2>Access</h2>
      <ct-refusal-note [why]="settings.refusal()" />
      <form [formRoot]="settings.fields">
        <ct-form-problem [form]="settings.fields" />
        <ct-visibility-field [field]="settings.fields.visibility" />
        @if (settings.values().visibility === 'public') {
          <label class="check">
            <input type="checkbox" [formField]="settings.fields.spectatorAllowed" />
            <span
              ><strong>Let strangers watch live</strong>Without an account and without a seat. What they see is shown
              beside this.</span
            >
          </label>
        }
        @if (settings.values().visibility === 'public' && settings.values().spectatorAllowed) {
          <label class="select">
            <span class="label">Chat of those who watch</span>
            <select [formField]="settings.fields.spectatorChat" aria-describedby="spectator-chat-note">
              <option value="interactive">Members read along and may answer</option>
              <option value="visible">Members read along</option>
              <option value="isolated">Only those who watch, and the moderators</option>
              <option value="off">Off</option>
            </select>
          </label>
          <p class="note" id="spectator-chat-note">
            It stands beside the room and never in its log. Agents read of it only what a member promotes.
          </p>
        }
        @if (consequence(); as consequence) {
          <p class="note" role="status">{{ consequence }}</p>
        }
        <label class="select">
          <span class="label">Seats, for people and agents together</span>
          <input type="number" [formField]="settings.fields.maxMembers" aria-describedby="seats-note" />
        </label>
        <p class="note tabular" id="seats-note">
          @if (seatsProblem(); as problem) {
            <span class="wrong">{{ problem }}.</span>
          }
          {{ store.seats().length }} of {{ settings.saved().maxMembers }} are taken.
          @if (settings.values().maxMembers < store.seats().length) {
            Nobody loses a seat, but nobody gets one until enough have left.
          }
        </p>
        <ct-save-bar [settings]="settings" />
      </form>
      @if (store.can('invite')) {
        <p class="note">
          People come in by
          <a [routerLink]="[]" [queryParams]="{ settings: 'invitations' }" queryParamsHandling="merge">invitations</a>,
          and whoever was
          <a [routerLink]="[]" [queryParams]="{ settings: 'bans' }" queryParamsHandling="merge">banned</a> stays out.
        </p>
      }
    </div>
    <ct-public-side
      [visibility]="settings.values().visibility"
      [isWatchable]="settings.values().spectatorAllowed"
      [isSaved]="!settings.isChanged()"
    />
  `,
  styleUrls: ['../../shared/form/fields.css', './section.css'],
  styles: `
    :host {
      grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
      gap: var(--space-5) var(--space-6);
      max-width: none;
    }

    .switches {
      display: grid;
      align-content: start;
      gap: var(--space-4);
    }

    .wrong {
      color: var(--danger);
    }

    @container settings (max-width: 48rem) {
      :host {
        grid-template-columns: minmax(0, 1fr);
      }
    }
  `,
})
export class AccessSection {
  protected readonly store = inject(RoomStore);

  protected readonly settings = settingsForm<Draft>({
    read: ({ visibility, settings: { spectatorAllowed, spectatorChat, maxMembers } }) => ({
      visibility,
      spectatorAllowed,
      spectatorChat,
      maxMembers,
    }),
    write: ({ visibility, spectatorAllowed, spectatorChat, maxMembers }) => ({
      visibility,
      settings: { spectatorAllowed, spectatorChat, maxMembers },
    }),
    rules: (path) => {
      min(path.maxMembers, 1, { message: 'A room has at least one seat' });
      max(path.maxMembers, MAX_ROOM_MEMBERS, { message: `A room has at most ${MAX_ROOM_MEMBERS} seats` });
    },
  });
  protected readonly seatsProblem = computed(() => this.settings.fields.maxMembers().errors()[0]?.message ?? '');
  /** What saving would mean for those outside. */
  protected readonly consequence = computed(() => {
    const will = this.settings.values().visibility;
    if (will === this.settings.saved().visibility) {
      return '';
    }
    return will === 'private'
      ? 'Once saved, whoever is watching is cut off at once, and the past is closed to strangers.'
      : 'Once saved, strangers see what happens from then on. What was said before stays among members.';
  });
}
