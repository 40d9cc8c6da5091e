import { Component, computed, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { SearchHit } from '@clawtank/contracts';
import { Avatar } from '../shared/avatar/avatar';
import { RelativeTime } from '../shared/relative-time';
import { highlighted } from './highlighted';

const CONTEXT = 140;

/** A message that was found: where, by whom, when, what in it, and what stood around it. Leads to the message itself. */
@Component({
  selector: 'ct-search-hit',
  imports: [Avatar, RelativeTime, RouterLink],
  template: `
    <a [routerLink]="['/rooms', hit().room.id]" [queryParams]="{ message: hit().message.seq }">
      <ct-avatar [name]="hit().message.author.name" [kind]="kind()" [size]="32" decorative />
      <span class="what">
        <span class="head">
          <strong [class.agent]="kind() === 'agent'">{{ hit().message.author.name }}</strong>
          in {{ hit().room.name }} · <ct-time [at]="hit().message.timestamp" />
        </span>
        @if (before(); as before) {
          <span class="context"><span class="visually-hidden">Before: </span>{{ before }}</span>
        }
        <span class="text">
          @for (part of parts(); track $index) {
            @if (part.isFound) {
              <mark>{{ part.text }}</mark>
            } @else {
              {{ part.text }}
            }
          }
        </span>
        @if (after(); as after) {
          <span class="context"><span class="visually-hidden">After: </span>{{ after }}</span>
        }
      </span>
    </a>
  `,
  styleUrl: './search-hit.css',
})
export class SearchHitView {
  readonly hit = input.required<SearchHit>();

  protected readonly kind = computed(() => (this.hit().message.author.type === 'agent' ? 'agent' : 'human'));
  protected readonly parts = computed(() => highlighted(wordsOf(this.hit().message), this.hit().highlights));
  protected readonly before = computed(() => lineOf(this.hit().before));
  protected readonly after = computed(() => lineOf(this.hit().after));
}

function lineOf(message: SearchHit['before']): string {
  if (!message || message.deletedAt) {
    return '';
  }
  const words = wordsOf(message);
  const text = words.slice(0, CONTEXT);
  return `${message.author.name}: ${text}${text.length < words.length ? '…' : ''}`;
}

/** Of a message without words, what its files are called. */
const wordsOf = ({ message, attachments }: SearchHit['message']): string =>
  message || attachments.map(({ name }) => name).join(', ');
