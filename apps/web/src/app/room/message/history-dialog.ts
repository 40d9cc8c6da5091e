import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { Component, computed, inject, resource } from '@angular/core';
import type { ChatMessage } from '@clawtank/contracts';
import { toApiProblem } from '../../core/problem/api-problem';
import { Button } from '../../shared/button';
import { RelativeTime } from '../../shared/relative-time';
import { Skeleton } from '../../shared/skeleton';
import { SpeechText } from '../markdown/speech-text';
import { RoomApi } from '../state/room-api';

/** What a message said before it was edited, the newest first. */
@Component({
  selector: 'ct-history-dialog',
  imports: [Button, RelativeTime, Skeleton, SpeechText],
  template: `
    <h2 id="history-heading">What {{ message.author.name }} said before</h2>
    @if (problem(); as problem) {
      <p class="problem" role="alert">
        It did not load. {{ problem }}
        <button type="button" ctButton size="small" (click)="history.reload()">Try again</button>
      </p>
    } @else if (versions(); as versions) {
      <ol>
        @for (version of versions; track $index) {
          <li>
            <p class="at">{{ $first ? 'What it says now' : 'Before' }} · <ct-time [at]="version.at" ago /></p>
            @if (version.message) {
              <ct-speech-text [text]="version.message" [called]="{ names: [], here: false }" />
            } @else {
              <p class="at">Nothing: it was only files.</p>
            }
          </li>
        }
      </ol>
    } @else {
      <ct-skeleton label="Loading what it said" />
    }
    <div class="buttons"><button type="button" ctButton (click)="dialog.close()">Close</button></div>
  `,
  styleUrl: './history-dialog.css',
})
export class HistoryDialog {
  private readonly api = inject(RoomApi);
  protected readonly dialog = inject<DialogRef<void, HistoryDialog>>(DialogRef);
  protected readonly message = inject<ChatMessage>(DIALOG_DATA);

  protected readonly history = resource({
    loader: () => this.api.messageHistory(this.message.roomId, this.message.id),
  });
  protected readonly versions = computed(() =>
    this.history.hasValue() ? [...this.history.value().versions].reverse() : null,
  );
  protected readonly problem = computed(() => {
    const error = this.history.error();
    return error ? toApiProblem(error.cause ?? error).detail : '';
  });
}
