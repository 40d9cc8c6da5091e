import { Component, computed, forwardRef, inject, input } from '@angular/core';
import { RoomStore } from '../state/room-store';
import type { Inline } from './speech-tree';

/** Words within a line: emphasis, code, links and mentions. */
@Component({
  selector: 'ct-inlines',
  imports: [forwardRef(() => SpeechInlines)],
  template: `
    @for (part of parts(); track $index) {
      @switch (part.kind) {
        @case ('code') {
          <code>{{ part.text }}</code>
        }
        @case ('strong') {
          <strong><ct-inlines [parts]="part.children" /></strong>
        }
        @case ('emphasis') {
          <em><ct-inlines [parts]="part.children" /></em>
        }
        @case ('strike') {
          <s><ct-inlines [parts]="part.children" /></s>
        }
        @case ('link') {
          <a [href]="part.href" [title]="part.title || part.href" target="_blank" rel="noopener noreferrer nofollow"
            ><ct-inlines [parts]="part.children" />
            @if (part.host) {
              <span class="host"> ({{ part.host }})</span>
            }
          </a>
        }
        @case ('mention') {
          <span class="mention" [class.you]="isReader(part.name)" [class.agent]="isAgent(part.name)">{{
            part.text
          }}</span>
        }
        @case ('here') {
          <span class="mention you">{{ part.text }}</span>
        }
        @default {
          <span>{{ part.text }}</span>
        }
      }
    }
  `,
  styleUrl: './speech-inlines.css',
})
export class SpeechInlines {
  /** Tells agents and the reader apart from others, where the words are of a room that is open. */
  private readonly store = inject(RoomStore, { optional: true });

  readonly parts = input.required<readonly Inline[]>();

  private readonly agentNames = computed(
    () => new Set(this.store?.seats().flatMap(({ type, name }) => (type === 'agent' ? [name.toLowerCase()] : []))),
  );

  protected isReader(name: string): boolean {
    return name.toLowerCase() === this.store?.ownSeat()?.name.toLowerCase();
  }

  protected isAgent(name: string): boolean {
    return this.agentNames().has(name.toLowerCase());
  }
}
