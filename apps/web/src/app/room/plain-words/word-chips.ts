import { Component, DOCUMENT, computed, inject, input, linkedSignal, model, resource } from '@angular/core';
import type { Task } from '@clawtank/contracts';
import { LucideCheck, LucideLightbulb } from '../../shared/icon/icons';
import { type PlainWords, readPlainWords } from './plain-words';

interface Chip {
  readonly kind: 'deadline' | 'priority';
  /** What would be set, in words. */
  readonly what: string;
  readonly isChosen: boolean;
  /** What speaks of it. */
  readonly words: string;
  readonly toggle: () => void;
}

const NOTHING: PlainWords = { deadline: null, priority: null };
/** What a task has of which nobody said anything. */
const UNSAID: Task['priority'] = 'medium';
const MINUTE = 60_000;

/**
 * What a text says of when and how urgently, offered for the fields that hold it. A chip that is pressed fills its field; pressed
 * again, it empties it. Nothing is filled in by itself, and a field that somebody filled otherwise is left alone.
 */
@Component({
  selector: 'ct-word-chips',
  imports: [LucideCheck, LucideLightbulb],
  template: `
    <p class="visually-hidden" role="status">{{ spoken() }}</p>
    @if (chips().length > 0) {
      <div class="chips" role="group" aria-label="Suggested by the words">
        @for (chip of chips(); track chip.kind) {
          <button
            type="button"
            [attr.aria-pressed]="chip.isChosen"
            [title]="chip.isChosen ? 'Take it back' : 'Use it'"
            (click)="chip.toggle()"
          >
            @if (chip.isChosen) {
              <svg lucideCheck [size]="14"></svg>
            } @else {
              <svg lucideLightbulb [size]="14"></svg>
            }
            <span
              >{{ chip.what }}<span class="from">: from “{{ chip.words }}”</span></span
            >
          </button>
        }
      </div>
    }
  `,
  styleUrl: './word-chips.css',
})
export class WordChips {
  private readonly language = inject(DOCUMENT).defaultView?.navigator.language ?? 'en';

  readonly text = input.required<string>();
  /** When it was said, if not now. ISO 8601. */
  readonly saidAt = input<string | null>(null);
  /** ISO 8601; null for none. */
  readonly deadline = model.required<string | null>();
  readonly priority = model.required<Task['priority']>();

  private readonly reading = resource({
    params: () => ({ text: this.text(), saidAt: this.saidAt() }),
    loader: ({ params: { text, saidAt } }) =>
      text.trim() === ''
        ? Promise.resolve(NOTHING)
        : readPlainWords(text, saidAt === null ? new Date() : new Date(saidAt), this.language),
  });
  /** What was found last stays while the reader types on. */
  private readonly found = linkedSignal<PlainWords | null, PlainWords>({
    source: () => (this.reading.hasValue() ? this.reading.value() : null),
    computation: (newest, previous) => newest ?? previous?.value ?? NOTHING,
  });
  protected readonly chips = computed<Chip[]>(() =>
    [this.deadlineChip(), this.priorityChip()].filter((chip) => chip !== null),
  );
  protected readonly spoken = computed(() =>
    this.chips()
      .map(({ what, words, isChosen }) => (isChosen ? `${what} is chosen.` : `Suggested: ${what}, from “${words}”.`))
      .join(' '),
  );

  private deadlineChip(): Chip | null {
    const [spoken, held] = [this.found().deadline, this.deadline()];
    const isChosen = spoken !== null && held !== null && isSameMinute(spoken.at, new Date(held));
    if (!spoken || spoken.at.getTime() <= Date.now() || (held !== null && !isChosen)) {
      return null;
    }
    const toggle = () => this.deadline.set(isChosen ? null : spoken.at.toISOString());
    return { kind: 'deadline', what: `Deadline ${momentIn(spoken.at)}`, words: spoken.words, isChosen, toggle };
  }

  private priorityChip(): Chip | null {
    const [spoken, held] = [this.found().priority, this.priority()];
    const isChosen = spoken?.priority === held;
    if (!spoken || (held !== UNSAID && !isChosen)) {
      return null;
    }
    const toggle = () => this.priority.set(isChosen ? UNSAID : spoken.priority);
    return { kind: 'priority', what: `Priority ${spoken.priority}`, words: spoken.words, isChosen, toggle };
  }
}

const isSameMinute = (one: Date, other: Date): boolean =>
  Math.floor(one.getTime() / MINUTE) === Math.floor(other.getTime() / MINUTE);

const inThisYear = { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' } as const;

const momentIn = (at: Date): string =>
  at.toLocaleString(
    undefined,
    at.getFullYear() === new Date().getFullYear() ? inThisYear : { ...inThisYear, year: 'numeric' },
  );
