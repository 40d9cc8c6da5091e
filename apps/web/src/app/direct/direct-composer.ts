import { CdkTextareaAutosize } from '@angular/cdk/text-field';
import {
  Component,
  ElementRef,
  afterNextRender,
  computed,
  inject,
  input,
  output,
  signal,
  viewChild,
} from '@angular/core';
import { MAX_MESSAGE_LENGTH, parseSlashCommand } from '@clawtank/contracts';
import { LucideSendHorizontal } from '../shared/icon/icons';
import { Drafts } from '../room/state/drafts';
import { Button } from '../shared/button';
import { DirectStore } from './direct-store';

/** So many characters before the end the reader is told how many are left. */
const WARN_WITHIN = 400;

/** Where one writes to somebody alone: Enter sends, Shift+Enter breaks the line, ↑ in an empty field edits what one said last. */
@Component({
  selector: 'ct-direct-composer',
  imports: [Button, CdkTextareaAutosize, LucideSendHorizontal],
  template: `
    <form (submit)="$event.preventDefault(); send()">
      @if (objection(); as objection) {
        <p class="problem" role="alert">{{ objection }}</p>
      }
      <div class="box">
        <textarea
          rows="1"
          cdkTextareaAutosize
          cdkAutosizeMaxRows="10"
          [attr.aria-label]="'Message to ' + store.name()"
          [placeholder]="'Message to ' + store.name()"
          [attr.aria-invalid]="left() < 0 || objection() !== '' || null"
          [value]="text()"
          (input)="write(box.value)"
          (keydown)="keyPressed($event)"
          #box
        ></textarea>
        @if (showsLeft()) {
          <span class="left tabular" [class.over]="left() < 0" role="status">{{ left() }} left</span>
        }
        <button ctButton="primary" size="small" icon aria-label="Send" title="Send" [disabled]="!canSend()">
          <svg lucideSendHorizontal [size]="16"></svg>
        </button>
      </div>
    </form>
  `,
  styleUrl: './direct-composer.css',
})
export class DirectComposer {
  private readonly drafts = inject(Drafts);
  protected readonly store = inject(DirectStore);
  private readonly box = viewChild.required<ElementRef<HTMLTextAreaElement>>('box');

  /** Names the conversation among what was begun elsewhere. */
  readonly place = input.required<string>();
  readonly sent = output();
  /** ↑ was pressed in an empty field. */
  readonly editsLast = output();

  protected readonly text = signal('');
  protected readonly objection = signal('');
  protected readonly left = computed(() => MAX_MESSAGE_LENGTH - [...this.text()].length);
  protected readonly showsLeft = computed(() => this.left() <= WARN_WITHIN);
  protected readonly canSend = computed(() => this.text().trim() !== '' && this.left() >= 0);

  constructor() {
    afterNextRender(() => {
      this.text.set(this.drafts.read(this.place(), this.store.readerId()));
      // On a phone the keyboard would cover the conversation that the reader came to see.
      if (matchMedia('(hover: hover)').matches) {
        this.focus();
      }
    });
  }

  focus(): void {
    this.box().nativeElement.focus({ preventScroll: true });
  }

  protected write(text: string): void {
    this.text.set(text);
    this.objection.set('');
    this.drafts.keep(this.place(), this.store.readerId(), text);
    if (text !== '') {
      this.store.tellWriting();
    }
  }

  protected keyPressed(event: KeyboardEvent): void {
    if (event.isComposing) {
      return;
    }
    const isPlain = !event.shiftKey && !event.ctrlKey && !event.altKey && !event.metaKey;
    if (event.key === 'Enter' && isPlain) {
      event.preventDefault();
      this.send();
    } else if (event.key === 'ArrowUp' && isPlain && this.text() === '') {
      event.preventDefault();
      this.editsLast.emit();
    }
  }

  protected send(): void {
    if (!this.canSend()) {
      return;
    }
    const text = this.text().trim();
    if (parseSlashCommand(text)) {
      this.objection.set(`Commands work in the room. To say this as it is, write /${text.split(/\s/, 1)[0]}.`);
      return;
    }
    const place = this.place();
    this.text.set('');
    // The draft goes when the outbox holds the words, not before.
    void this.store.say(text).then(() => this.drafts.keep(place, this.store.readerId(), this.text()));
    this.sent.emit();
  }
}
