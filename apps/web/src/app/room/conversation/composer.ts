import { CdkTextareaAutosize } from '@angular/cdk/text-field';
import {
  Component,
  ElementRef,
  afterNextRender,
  computed,
  inject,
  linkedSignal,
  output,
  signal,
  viewChild,
} from '@angular/core';
import { MAX_MESSAGE_LENGTH } from '@clawtank/contracts';
import { RouterLink } from '@angular/router';
import { LucideBot, LucideLock, LucideLockOpen, LucideSendHorizontal } from '@lucide/angular';
import { Avatar } from '../../shared/avatar/avatar';
import { Button } from '../../shared/button';
import { Keys } from '../../shared/keys';
import { Drafts } from '../state/drafts';
import { RoomStore } from '../state/room-store';
import { candidatesFor, mentionAtCaret, withMention } from './mention-completion';

/** So many characters before the end the reader is told how many are left. */
const WARN_WITHIN = 400;

/** Where one writes: Enter sends, Shift+Enter breaks the line, @ finds people and agents. What is begun is kept. */
@Component({
  selector: 'ct-composer',
  imports: [
    Avatar,
    Button,
    CdkTextareaAutosize,
    Keys,
    LucideBot,
    LucideLock,
    LucideLockOpen,
    LucideSendHorizontal,
    RouterLink,
  ],
  templateUrl: './composer.html',
  styleUrl: './composer.css',
})
export class Composer {
  private readonly drafts = inject(Drafts);
  protected readonly store = inject(RoomStore);
  private readonly box = viewChild<ElementRef<HTMLTextAreaElement>>('box');

  readonly sent = output();

  protected readonly text = signal(this.drafts.read(this.store.roomId(), this.store.readerId()));
  private readonly caret = signal(0);
  /** The `@` whose list the reader has closed. */
  private readonly dismissedAt = signal<number | null>(null);
  protected readonly isMembersOnly = signal(false);

  protected readonly mayChat = computed(() => this.store.can('chat'));
  /** People talk, and nobody is there to do the work. An empty room says so itself. */
  protected readonly needsAgent = computed(
    () =>
      this.store.can('seat_agent') &&
      this.store.timeline().messages.length > 0 &&
      this.store.seats().every(({ type }) => type === 'human'),
  );
  protected readonly isPublicRoom = computed(() => this.store.state()?.room.visibility === 'public');
  protected readonly left = computed(() => MAX_MESSAGE_LENGTH - [...this.text()].length);
  protected readonly showsLeft = computed(() => this.left() <= WARN_WITHIN);
  protected readonly canSend = computed(() => this.text().trim() !== '' && this.left() >= 0);
  private readonly mention = computed(() => {
    const found = mentionAtCaret(this.text(), this.caret());
    return found && found.from !== this.dismissedAt() ? found : null;
  });
  protected readonly candidates = computed(() => {
    const mention = this.mention();
    return mention ? candidatesFor(mention.query, this.store.seats(), this.store.readerId()) : [];
  });
  protected readonly active = linkedSignal({ source: this.candidates, computation: () => 0 });

  constructor() {
    afterNextRender(() => {
      // On a phone the keyboard would cover the conversation that the reader came to see.
      if (matchMedia('(hover: hover)').matches) {
        this.box()?.nativeElement.focus({ preventScroll: true });
      }
    });
  }

  protected write(text: string): void {
    this.text.set(text);
    this.moveCaret();
    this.drafts.keep(this.store.roomId(), this.store.readerId(), text);
    if (!this.text().includes('@')) {
      this.dismissedAt.set(null);
    }
  }

  protected moveCaret(): void {
    this.caret.set(this.box()?.nativeElement.selectionStart ?? 0);
  }

  protected keyPressed(event: KeyboardEvent): void {
    // Enter that chooses a word of an input method is not Enter that sends.
    if (event.isComposing) {
      return;
    }
    if (this.candidates().length > 0 && this.movedInList(event)) {
      event.preventDefault();
      event.stopPropagation();
    } else if (event.key === 'Enter' && !event.shiftKey && !event.ctrlKey && !event.altKey && !event.metaKey) {
      event.preventDefault();
      this.send();
    }
  }

  protected complete(name: string): void {
    const mention = this.mention();
    const box = this.box()?.nativeElement;
    if (mention && box) {
      const { text, caret } = withMention(this.text(), mention.from, this.caret(), name);
      box.value = text;
      box.setSelectionRange(caret, caret);
      box.focus();
      this.write(text);
    }
  }

  protected send(): void {
    if (!this.canSend()) {
      return;
    }
    this.store.say(this.text().trim(), this.isPublicRoom() && this.isMembersOnly() ? 'members' : 'public');
    this.write('');
    this.sent.emit();
  }

  /** True if the key was meant for the list of names. */
  private movedInList({ key, shiftKey }: KeyboardEvent): boolean {
    const candidates = this.candidates();
    const chosen = candidates[this.active()];
    switch (key) {
      case 'ArrowDown':
        this.active.update((index) => (index + 1) % candidates.length);
        return true;
      case 'ArrowUp':
        this.active.update((index) => (index + candidates.length - 1) % candidates.length);
        return true;
      case 'Enter':
      case 'Tab':
        if (shiftKey || !chosen) {
          return false;
        }
        this.complete(chosen.name);
        return true;
      case 'Escape':
        this.dismissedAt.set(this.mention()?.from ?? null);
        return true;
      default:
        return false;
    }
  }
}
