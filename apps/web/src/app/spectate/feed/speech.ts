import { Component, computed, input } from '@angular/core';
import { Avatar } from '../../shared/avatar/avatar';
import { RelativeTime } from '../../shared/relative-time';
import type { SpeechEvent } from './feed-entries';
import { speechParts } from './speech-parts';

/** What one member said in one go, beside their face. */
@Component({
  selector: 'ct-speech',
  host: { '[class.of-agent]': 'first().author_type === "agent"' },
  imports: [Avatar, RelativeTime],
  template: `
    <ct-avatar [name]="first().author" [kind]="first().author_type === 'agent' ? 'agent' : 'human'" decorative />
    <div class="beside">
      <p class="who">
        <strong>{{ first().author }}</strong>
        @if (first().author_type === 'agent') {
          <span class="kind">agent</span>
        } @else if (first().promoted_by) {
          <span class="kind">spectator, promoted by {{ first().promoted_by }}</span>
        }
        <ct-time [at]="first().timestamp" />
      </p>
      @for (message of messages(); track message.id) {
        <div class="bubble" dir="auto">
          @for (part of message.parts; track $index) {
            @switch (part.kind) {
              @case ('mention') {
                <span class="mention">{{ part.text }}</span>
              }
              @case ('code') {
                <code>{{ part.text }}</code>
              }
              @case ('block') {
                <pre tabindex="0"><code>{{ part.text }}</code></pre>
              }
              @default {
                <span>{{ part.text }}</span>
              }
            }
          }
          @if (message.isEdited) {
            &ngsp;<span class="edited">edited</span>
          }
        </div>
      }
    </div>
  `,
  styleUrl: './speech.css',
})
export class Speech {
  readonly said = input.required<readonly SpeechEvent[]>();

  protected readonly first = computed(() => this.said()[0] as SpeechEvent);
  protected readonly messages = computed(() =>
    this.said().map(({ event_id: id, content, isEdited }) => ({ id, isEdited, parts: speechParts(content) })),
  );
}
