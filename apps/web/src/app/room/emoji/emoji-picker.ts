import { DialogRef } from '@angular/cdk/dialog';
import { Component, ElementRef, computed, inject, linkedSignal, resource, signal, viewChild } from '@angular/core';
import { type Emoji, loadEmoji } from './emoji-data';
import { RecentEmoji } from './recent-emoji';

const COLUMNS = 8;
const MOST_FOUND = 64;

/** Chooses one emoji: the ones used last, by name, or from a group. The field keeps the focus; arrows move in the grid. */
@Component({
  selector: 'ct-emoji-picker',
  templateUrl: './emoji-picker.html',
  styleUrl: './emoji-picker.css',
})
export class EmojiPicker {
  private readonly dialog = inject<DialogRef<string, EmojiPicker>>(DialogRef);
  private readonly used = inject(RecentEmoji);
  private readonly grid = viewChild<ElementRef<HTMLElement>>('grid');

  protected readonly list = resource({ loader: () => loadEmoji() });
  protected readonly query = signal('');
  /** The group that is shown; -1 for the ones used last. */
  protected readonly group = signal(-1);
  protected readonly groups = computed(() => (this.list.hasValue() ? this.list.value().groups() : []));
  protected readonly shown = computed<readonly Emoji[]>(() => {
    if (!this.list.hasValue()) {
      return this.recent();
    }
    if (this.query().trim() !== '') {
      return this.list.value().search(this.query(), MOST_FOUND);
    }
    return this.groups()[this.group()]?.emoji ?? this.recent();
  });
  protected readonly heading = computed(() => {
    if (this.query().trim() !== '') {
      return this.shown().length === 0 ? 'Nothing is called that' : 'Found';
    }
    return this.groups()[this.group()]?.label ?? 'Used last';
  });
  protected readonly active = linkedSignal({ source: this.shown, computation: () => 0 });
  protected readonly activeEmoji = computed(() => this.shown()[this.active()] ?? null);

  private readonly recent = computed(() =>
    this.used.recent().map((unicode) => {
      const known = this.list.hasValue() ? this.list.value().get(unicode) : null;
      return known ?? { unicode, label: unicode, shortcodes: [], tags: [], group: -1 };
    }),
  );

  protected keyPressed(event: KeyboardEvent): void {
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: COLUMNS, ArrowUp: -COLUMNS }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      this.active.update((active) => Math.min(Math.max(active + step, 0), Math.max(this.shown().length - 1, 0)));
      this.grid()?.nativeElement.children[this.active()]?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter') {
      event.preventDefault();
      this.choose(this.activeEmoji());
    }
  }

  protected choose(emoji: Emoji | null): void {
    if (emoji) {
      this.used.use(emoji.unicode);
      this.dialog.close(emoji.unicode);
    }
  }
}
