import { Component, ElementRef, computed, input, signal, viewChild } from '@angular/core';
import type { FieldTree } from '@angular/forms/signals';
import { Topic } from '@clawtank/contracts';
import { LucideCircleAlert, LucideX } from '../icon/icons';

const MOST = 8;
let count = 0;

/** A few words to be found by, each a chip. Enter, a comma or leaving the field makes one of what was typed. */
@Component({
  selector: 'ct-topics-field',
  imports: [LucideCircleAlert, LucideX],
  template: `
    <div class="label">
      <label [for]="id">{{ label() }}</label>
      <span class="optional">optional</span>
    </div>
    <div class="control topics" [class.bad]="problem()" [class.disabled]="isDisabled()">
      @for (topic of topics(); track topic) {
        <span class="topic"
          >{{ topic }}
          @if (!isDisabled()) {
            <button type="button" [attr.aria-label]="'Take out ' + topic" (click)="remove(topic)">
              <svg lucideX [size]="12"></svg>
            </button>
          }
        </span>
      }
      <input
        #box
        [id]="id"
        autocomplete="off"
        autocapitalize="none"
        spellcheck="false"
        [disabled]="isDisabled() || topics().length >= most"
        [attr.aria-describedby]="id + '-note'"
        [attr.aria-invalid]="problem() ? true : null"
        (keydown.enter)="addOnEnter($event)"
        (keydown.backspace)="removeLast()"
        (input)="typed()"
        (blur)="add()"
      />
    </div>
    <p class="note" [id]="id + '-note'" aria-live="polite">
      @if (problem(); as message) {
        <span class="error"><svg lucideCircleAlert [size]="14"></svg>{{ message }}</span>
      } @else if (topics().length >= most) {
        That is as many as fit. Take one out to add another.
      } @else {
        {{ hint() }}
      }
    </p>
  `,
  styleUrl: '../form/text-field.css',
  styles: `
    .topics {
      flex-wrap: wrap;
      align-items: center;
      gap: 0.25rem;
      padding: 0.25rem;
    }

    .topics input {
      flex: 1 1 6rem;
      min-height: calc(var(--control) - 0.375rem);
      padding: 0 var(--space-2);
    }

    .topic {
      display: inline-flex;
      align-items: center;
      gap: 0.125rem;
      min-height: 1.625rem;
      padding: 0 0.25rem 0 0.5625rem;
      border-radius: var(--radius-pill);
      background: var(--hover);
      font-size: var(--text-s);
      font-weight: 550;
    }

    .disabled .topic {
      padding-right: 0.5625rem;
    }

    .topic button {
      display: grid;
      place-content: center;
      width: 1.5rem;
      height: 1.5rem;
      padding: 0;
      border: 0;
      border-radius: 50%;
      background: none;
      color: var(--ink-faint);
    }

    .topic button:hover {
      color: var(--ink);
    }
  `,
})
export class TopicsField {
  private readonly box = viewChild.required<ElementRef<HTMLInputElement>>('box');

  readonly field = input.required<FieldTree<string[]>>();
  readonly label = input('Topics');
  readonly hint = input('Such as “compilers” or “web-sockets”. Enter adds one.');

  protected readonly id = `ct-topics-${++count}`;
  protected readonly most = MOST;
  private readonly refused = signal('');
  protected readonly topics = computed(() => this.field()().value());
  protected readonly isDisabled = computed(() => this.field()().disabled());
  protected readonly problem = computed(() => this.refused() || (this.field()().errors()[0]?.message ?? ''));

  protected addOnEnter(event: Event): void {
    if (this.box().nativeElement.value.trim()) {
      event.preventDefault(); // Enter sends the form otherwise
      this.add();
    }
  }

  protected typed(): void {
    this.refused.set('');
    if (this.box().nativeElement.value.endsWith(',')) {
      this.add();
    }
  }

  protected add(): void {
    const input = this.box().nativeElement;
    const text = input.value
      .replace(/,$/, '')
      .trim()
      .replace(/[\s_]+/g, '-');
    if (!text) {
      return;
    }
    const read = Topic.safeParse(text);
    if (!read.success) {
      this.refused.set(read.error.issues[0]?.message ?? 'This cannot be a topic');
      return;
    }
    input.value = '';
    this.change([...new Set([...this.topics(), read.data])].slice(0, MOST));
  }

  protected remove(topic: string): void {
    this.change(this.topics().filter((other) => other !== topic));
    this.box().nativeElement.focus();
  }

  protected removeLast(): void {
    if (this.box().nativeElement.value === '') {
      this.change(this.topics().slice(0, -1));
    }
  }

  private change(topics: string[]): void {
    const state = this.field()();
    state.value.set(topics);
    state.markAsDirty();
  }
}
