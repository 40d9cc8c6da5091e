import { HttpClient } from '@angular/common/http';
import { Component, inject, signal } from '@angular/core';
import { FormRoot, form } from '@angular/forms/signals';
import { Router } from '@angular/router';
import type { CreateRoom, Room } from '@clawtank/contracts';
import { firstValueFrom } from 'rxjs';
import type * as z from 'zod';
import { MyRooms } from '../core/my-rooms';
import { Button } from '../shared/button';
import { FormProblem } from '../shared/form/form-problem';
import { submission } from '../shared/form/submission';
import { type RoomWords, RoomWordsFields, roomWords } from '../shared/room-form/room-words-fields';
import { VisibilityField } from '../shared/room-form/visibility-field';

interface Draft extends RoomWords {
  readonly visibility: 'private' | 'public';
}

/** Makes a room, private unless its maker says otherwise, and leads into it. */
@Component({
  selector: 'ct-new-room',
  imports: [Button, FormProblem, FormRoot, RoomWordsFields, VisibilityField],
  template: `
    <h1>New room</h1>
    <form [formRoot]="draft">
      <ct-form-problem [form]="draft" />
      <ct-room-words-fields [words]="draft" />
      <ct-visibility-field
        [field]="draft.visibility"
        note="They may watch it live too: what is said, tasks, merges and who is at work. You can switch that off later."
      />
      <p class="note">The room gets a git repository of its own. You can connect another one later.</p>
      <button ctButton="primary" [pending]="draft().submitting()">Make the room</button>
    </form>
  `,
  styleUrls: ['../shared/form/fields.css', './new-room.css'],
})
export class NewRoom {
  private readonly http = inject(HttpClient);
  private readonly router = inject(Router);
  private readonly myRooms = inject(MyRooms);

  protected readonly draft = form(
    signal<Draft>({ name: '', description: '', language: '', topics: [], visibility: 'private' }),
    roomWords,
    { submission: submission((draft: Draft) => this.make(draft)) },
  );

  private async make(draft: Draft): Promise<void> {
    const request: z.input<typeof CreateRoom> = { ...draft, language: draft.language.trim() || null };
    const room = await firstValueFrom(this.http.post<Room>('/api/rooms', request));
    this.myRooms.reload();
    await this.router.navigate(['/rooms', room.id], { replaceUrl: true });
  }
}
