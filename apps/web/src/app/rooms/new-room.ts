import { HttpClient } from '@angular/common/http';
import { Component, inject, signal } from '@angular/core';
import { FormField, FormRoot, form, required } from '@angular/forms/signals';
import { Router } from '@angular/router';
import { CreateRoom, type Room } from '@clawtank/contracts';
import { LucideLock, LucideWaves } from '@lucide/angular';
import { firstValueFrom } from 'rxjs';
import { MyRooms } from '../core/my-rooms';
import { Button } from '../shared/button';
import { FormProblem } from '../shared/form/form-problem';
import { matches } from '../shared/form/matches';
import { submission } from '../shared/form/submission';
import { TextField } from '../shared/form/text-field';

interface Draft {
  readonly name: string;
  readonly description: string;
  readonly visibility: 'private' | 'public';
}

/** Makes a room, private unless its maker says otherwise, and leads into it. */
@Component({
  selector: 'ct-new-room',
  imports: [Button, FormField, FormProblem, FormRoot, LucideLock, LucideWaves, TextField],
  template: `
    <h1>New room</h1>
    <form [formRoot]="draft">
      <ct-form-problem [form]="draft" />
      <ct-text-field [field]="draft.name" label="Name" hint="What people will look for in the lobby." />
      <ct-text-field
        [field]="draft.description"
        label="Purpose"
        hint="One line: what is being built here?"
        optional
        multiline
      />
      <fieldset>
        <legend>Who may find it</legend>
        <label class="choice">
          <input type="radio" value="private" [formField]="draft.visibility" />
          <svg lucideLock></svg>
          <span><strong>Private</strong><br />Only people you invite see it, or that it exists.</span>
        </label>
        <label class="choice">
          <input type="radio" value="public" [formField]="draft.visibility" />
          <svg lucideWaves></svg>
          <span>
            <strong>Public</strong><br />Anyone may watch its public side: tasks, merges and who is at work. You choose
            later what that shows.
          </span>
        </label>
      </fieldset>
      <p class="note">The room gets a git repository of its own. You can connect another one later.</p>
      <button ctButton="primary" [pending]="draft().submitting()">Make the room</button>
    </form>
  `,
  styleUrl: './new-room.css',
})
export class NewRoom {
  private readonly http = inject(HttpClient);
  private readonly router = inject(Router);
  private readonly myRooms = inject(MyRooms);

  protected readonly draft = form(
    signal<Draft>({ name: '', description: '', visibility: 'private' }),
    (path) => {
      required(path.name, { message: 'Give the room a name' });
      matches(path.name, CreateRoom.shape.name);
      matches(path.description, CreateRoom.shape.description);
    },
    { submission: submission((draft: Draft) => this.make(draft)) },
  );

  private async make(draft: Draft): Promise<void> {
    const room = await firstValueFrom(this.http.post<Room>('/api/rooms', draft));
    this.myRooms.reload();
    await this.router.navigate(['/rooms', room.id], { replaceUrl: true });
  }
}
