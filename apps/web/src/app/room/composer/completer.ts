import { Service, computed, inject, linkedSignal, resource, signal } from '@angular/core';
import { loadEmoji } from '../emoji/emoji-data';
import { RoomStore } from '../state/room-store';
import { type Suggestion, commandsFor, completionAtCaret, emojiFor, seatsFor } from './completion';

/** What a key means while there are suggestions: one is taken, another is marked, or nothing. */
export type Choice = Suggestion | 'moved' | null;

/** What may be meant by what is being typed in one composer: people, emoji or commands, and which of them is marked. */
@Service({ autoProvided: false })
export class Completer {
  private readonly store = inject(RoomStore);
  private readonly typed = signal(
    { text: '', caret: 0 },
    { equal: (one, other) => one.text === other.text && one.caret === other.caret },
  );
  /** Where the list stands that the reader has closed. */
  private readonly dismissedAt = signal<number | null>(null);
  private readonly atCaret = computed(() => completionAtCaret(this.typed().text, this.typed().caret));

  readonly completion = computed(() => {
    const found = this.atCaret();
    return found && found.from !== this.dismissedAt() ? found : null;
  });
  private readonly emoji = resource({
    params: () => (this.completion()?.kind === 'emoji' ? true : undefined),
    loader: () => loadEmoji(),
  });
  readonly suggestions = computed<Suggestion[]>(() => {
    const completion = this.completion();
    switch (completion?.kind) {
      case 'mention':
        return seatsFor(completion.query, this.store.seats(), this.store.readerId());
      case 'emoji':
        return this.emoji.hasValue() ? emojiFor(completion.query, this.emoji.value()) : [];
      case 'command':
        return commandsFor(completion.query, (ability) => this.store.can(ability));
      default:
        return [];
    }
  });
  readonly active = linkedSignal({ source: this.suggestions, computation: () => 0 });

  type(text: string, caret: number): void {
    this.typed.set({ text, caret });
    if (this.atCaret() === null) {
      this.dismissedAt.set(null);
    }
  }

  /** Null if the key was not meant for the list. */
  press({ key, shiftKey }: KeyboardEvent): Choice {
    const suggestions = this.suggestions();
    const chosen = suggestions[this.active()];
    if (!chosen) {
      return null;
    }
    switch (key) {
      case 'ArrowDown':
        this.active.update((index) => (index + 1) % suggestions.length);
        return 'moved';
      case 'ArrowUp':
        this.active.update((index) => (index + suggestions.length - 1) % suggestions.length);
        return 'moved';
      case 'Enter':
        // What is written out already is sent.
        return shiftKey || this.typed().text.trimEnd() === chosen.insert ? null : chosen;
      case 'Tab':
        return shiftKey ? null : chosen;
      case 'Escape':
        this.dismissedAt.set(this.completion()?.from ?? null);
        return 'moved';
      default:
        return null;
    }
  }
}
