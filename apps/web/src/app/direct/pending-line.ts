import { Component, inject, input } from '@angular/core';
import { LucideCircleAlert } from '@lucide/angular';
import { SpeechText } from '../room/markdown/speech-text';
import { Button } from '../shared/button';
import type { PendingDirect } from './direct-outbox';
import { DirectStore } from './direct-store';

/** What the reader has said and the server has not taken yet, or would not take. */
@Component({
  selector: 'ct-pending-line',
  imports: [Button, LucideCircleAlert, SpeechText],
  template: `
    <div class="said"><ct-speech-text [text]="message().text" [called]="nobody" /></div>
    @if (message().refusal; as refusal) {
      <p class="refusal" role="alert">
        <svg lucideCircleAlert [size]="14"></svg>
        <span><strong>Not sent.</strong> {{ refusal }}</span>
        <button type="button" ctButton size="small" (click)="store.retry(message().clientMessageId)">Retry</button>
        <button type="button" ctButton="quiet" size="small" (click)="store.discard(message().clientMessageId)">
          Discard
        </button>
      </p>
    } @else {
      <p class="sending">Sending…</p>
    }
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

    p {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: var(--space-1) var(--space-2);
      color: var(--ink-faint);
      font-size: var(--text-xs);
    }

    /* Most messages are stored before one could read this. */
    .sending {
      animation: appear 1ms 400ms both;
    }

    .refusal {
      color: var(--danger);
    }

    @keyframes appear {
      from {
        visibility: hidden;
      }
    }
  `,
})
export class PendingLine {
  protected readonly store = inject(DirectStore);
  protected readonly nobody = { names: [], here: false };

  readonly message = input.required<PendingDirect>();
}
