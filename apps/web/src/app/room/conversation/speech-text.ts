import { Component, computed, inject, input } from '@angular/core';
import { CopyButton } from '../../shared/copy-button';
import { RoomStore } from '../state/room-store';
import { speechTokens } from './speech-tokens';

/** What somebody said: text, code, links and mentions, never markup. */
@Component({
  selector: 'ct-speech-text',
  imports: [CopyButton],
  template: `
    @for (block of blocks(); track $index) {
      @if (block.kind === 'code') {
        <figure>
          <figcaption>
            <span>{{ block.language || 'code' }}</span>
            <ct-copy-button [text]="block.text" what="the code" />
          </figcaption>
          <pre tabindex="0" role="region" aria-label="Code"><code>{{ block.text }}</code></pre>
        </figure>
      } @else {
        <p>
          @for (part of block.parts; track $index) {
            @switch (part.kind) {
              @case ('code') {
                <code>{{ part.text }}</code>
              }
              @case ('link') {
                <a [href]="part.href" target="_blank" rel="noopener noreferrer nofollow">{{ part.text }}</a>
              }
              @case ('mention') {
                <span class="mention" [class.you]="isReader(part.name)" [class.agent]="isAgent(part.name)">{{
                  part.text
                }}</span>
              }
              @default {
                <span>{{ part.text }}</span>
              }
            }
          }
        </p>
      }
    }
  `,
  styleUrl: './speech-text.css',
})
export class SpeechText {
  private readonly store = inject(RoomStore);

  readonly text = input.required<string>();
  readonly mentions = input.required<readonly string[]>();

  protected readonly blocks = computed(() => speechTokens(this.text(), this.mentions()));
  private readonly agentNames = computed(
    () => new Set(this.store.seats().flatMap(({ type, name }) => (type === 'agent' ? [name.toLowerCase()] : []))),
  );

  protected isReader(name: string): boolean {
    return name.toLowerCase() === this.store.ownSeat()?.name.toLowerCase();
  }

  protected isAgent(name: string): boolean {
    return this.agentNames().has(name.toLowerCase());
  }
}
