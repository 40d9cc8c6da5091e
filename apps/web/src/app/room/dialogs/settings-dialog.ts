import { DialogRef } from '@angular/cdk/dialog';
import { Component, computed, inject, signal } from '@angular/core';
import { FormField, FormRoot, form, max, min, required } from '@angular/forms/signals';
import { MAX_ROOM_MEMBERS, type RoomInfo, UpdateRoom } from '@clawtank/contracts';
import { LucideLock, LucideWaves } from '@lucide/angular';
import { MyRooms } from '../../core/my-rooms';
import { Button } from '../../shared/button';
import { FormProblem } from '../../shared/form/form-problem';
import { matches } from '../../shared/form/matches';
import { submission } from '../../shared/form/submission';
import { TextField } from '../../shared/form/text-field';
import { Toasts } from '../../shared/toast/toasts';
import { RoomApi } from '../state/room-api';
import { RoomStore } from '../state/room-store';

interface Draft {
  readonly name: string;
  readonly description: string;
  readonly visibility: RoomInfo['visibility'];
  readonly spectatorAllowed: boolean;
  readonly maxMembers: number;
}

/** The host's own: what the room is called and for, who may see it, and how many sit in it. */
@Component({
  selector: 'ct-settings-dialog',
  imports: [Button, FormField, FormProblem, FormRoot, LucideLock, LucideWaves, TextField],
  template: `
    <h2 id="settings-heading">Room settings</h2>
    <form [formRoot]="draft">
      <ct-form-problem [form]="draft" />
      <ct-text-field [field]="draft.name" label="Name" />
      <ct-text-field [field]="draft.description" label="Purpose" optional multiline />
      <fieldset>
        <legend>Who may see it</legend>
        <label class="choice">
          <input type="radio" value="private" [formField]="draft.visibility" />
          <svg lucideLock></svg>
          <span><strong>Private</strong><br />Only members see it, or that it exists.</span>
        </label>
        <label class="choice">
          <input type="radio" value="public" [formField]="draft.visibility" />
          <svg lucideWaves></svg>
          <span><strong>Public</strong><br />Anyone finds it in the lobby and may join.</span>
        </label>
      </fieldset>
      @if (isPublic()) {
        <label class="check">
          <input type="checkbox" [formField]="draft.spectatorAllowed" />
          <span
            ><strong>Let strangers watch live.</strong> They read what is said here unless a message is for members
            only, and see tasks, commits and pull requests, with e-mail addresses and secrets masked. Progress notes and
            code stay inside.</span
          >
        </label>
      }
      @if (change(); as change) {
        <p class="note" role="status">{{ change }}</p>
      }
      <label class="select">
        <span class="label">Seats, for people and agents together</span>
        <input type="number" [formField]="draft.maxMembers" />
      </label>
      <div class="buttons">
        <button type="button" ctButton (click)="dialog.close()">Not now</button>
        <button ctButton="primary" [pending]="draft().submitting()">Save</button>
      </div>
    </form>
  `,
  styleUrl: './dialog.css',
})
export class SettingsDialog {
  private readonly api = inject(RoomApi);
  private readonly store = inject(RoomStore);
  private readonly myRooms = inject(MyRooms);
  private readonly toasts = inject(Toasts);
  protected readonly dialog = inject(DialogRef);

  private readonly before = this.store.state()?.room;
  private readonly value = signal<Draft>({
    name: this.before?.name ?? '',
    description: this.before?.description ?? '',
    visibility: this.before?.visibility ?? 'private',
    spectatorAllowed: this.before?.settings.spectatorAllowed ?? true,
    maxMembers: this.before?.settings.maxMembers ?? MAX_ROOM_MEMBERS,
  });
  protected readonly draft = form(
    this.value,
    (path) => {
      required(path.name, { message: 'Give the room a name' });
      matches(path.name, UpdateRoom.shape.name);
      matches(path.description, UpdateRoom.shape.description);
      min(path.maxMembers, Math.max(1, this.store.seats().length), {
        message: `${this.store.seats().length} seats are taken`,
      });
      max(path.maxMembers, MAX_ROOM_MEMBERS, { message: `Use at most ${MAX_ROOM_MEMBERS}` });
    },
    { submission: submission((draft: Draft) => this.save(draft)) },
  );
  protected readonly isPublic = computed(() => this.value().visibility === 'public');
  /** What saving would mean for those outside. */
  protected readonly change = computed(() => {
    const was = this.before?.visibility;
    const will = this.value().visibility;
    if (was === will) {
      return '';
    }
    return will === 'private'
      ? 'Whoever is watching is cut off at once, and the past is closed to strangers.'
      : 'Strangers see what happens from now on. What was said before stays among members.';
  });

  private async save({ name, description, visibility, spectatorAllowed, maxMembers }: Draft): Promise<void> {
    await this.api.update(this.store.roomId(), {
      name,
      description,
      visibility,
      settings: { spectatorAllowed, maxMembers },
    });
    this.myRooms.reload();
    this.toasts.done('The room’s settings are saved.');
    this.dialog.close();
  }
}
