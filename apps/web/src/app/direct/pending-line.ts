import { Component, inject, input } from '@angular/core';
import { SpeechText } from '../room/markdown/speech-text';
import { PendingNote } from '../room/message/pending-note';
import type { PendingDirect } from './direct-outbox';
import { DirectStore } from './direct-store';

/** What the reader has said and the server has not taken yet, or would not take. */
@Component({
  selector: 'ct-pending-line',
  imports: [PendingNote, SpeechText],
  template: `
    <div class="said"><ct-speech-text [text]="message().text" [called]="nobody" /></div>
    <ct-pending-note
      [refusal]="message().refusal"
      [isConnected]="store.isConnected()"
      (retries)="store.retry(message().clientMessageId)"
      (discards)="store.discard(message().clientMessageId)"
    />
  `,
  styles: `
    :host {
      display: block;
      padding: 0.125rem var(--space-4) 0.125rem calc(var(--space-4) + 2.25rem + var(--space-3));
    }

    .said {
      color: var(--ink-faint);
      line-height: var(--chat-line);
      overflow-wrap: anywhere;
    }
  `,
})
export class PendingLine {
  protected readonly store = inject(DirectStore);
  protected readonly nobody = { names: [], here: false };

  readonly message = input.required<PendingDirect>();
}
