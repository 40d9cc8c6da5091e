import { CdkTextareaAutosize } from '@angular/cdk/text-field';
import {
  Component,
  DestroyRef,
  ElementRef,
  afterNextRender,
  computed,
  effect,
  inject,
  linkedSignal,
  output,
  signal,
  untracked,
  viewChild,
} from '@angular/core';
import { RouterLink } from '@angular/router';
import { MAX_MESSAGE_LENGTH, type Task, parseSlashCommand } from '@clawtank/contracts';
import {
  LucideBot,
  LucideCode,
  LucideLock,
  LucideLockOpen,
  LucidePaperclip,
  LucideSendHorizontal,
  LucideSmile,
  LucideX,
} from '../../shared/icon/icons';
import { Button } from '../../shared/button';
import { Keys } from '../../shared/keys';
import { PickEmoji } from '../emoji/pick-emoji';
import { WordChips } from '../plain-words/word-chips';
import { SlashAnswerLine } from '../slash/slash-answer';
import { SlashRunner } from '../slash/slash-runner';
import { Drafts } from '../state/drafts';
import { RoomStore } from '../state/room-store';
import { Typing } from '../state/typing';
import { Talk } from '../talk/talk';
import { Completer } from './completer';
import { type Suggestion, completed } from './completion';
import { CompletionList } from './completion-list';
import { type Selected, fenced, looksLikeCode, markOf, toggled } from './formatting';
import { MayNotWrite } from './may-not-write';
import { PauseLine } from './pause-line';
import { ReplyBar } from './reply-bar';
import { TypingLine } from './typing-line';
import { UploadTray } from './upload-tray';
import { Uploads } from './uploads';

/** So many characters before the end the reader is told how many are left. */
const WARN_WITHIN = 400;

/**
 * Where one writes, in the room or in a thread: Enter sends, Shift+Enter breaks the line, @ finds people, : finds emoji, / finds
 * commands. What is begun is kept; what is sent is kept until the server has it.
 */
@Component({
  selector: 'ct-composer',
  imports: [
    Button,
    CdkTextareaAutosize,
    CompletionList,
    Keys,
    LucideBot,
    LucideCode,
    LucideLock,
    LucideLockOpen,
    LucidePaperclip,
    LucideSendHorizontal,
    LucideSmile,
    LucideX,
    MayNotWrite,
    PauseLine,
    ReplyBar,
    RouterLink,
    SlashAnswerLine,
    TypingLine,
    UploadTray,
    WordChips,
  ],
  providers: [Completer, Uploads],
  templateUrl: './composer.html',
  styleUrl: './composer.css',
})
export class Composer {
  private readonly drafts = inject(Drafts);
  private readonly emoji = inject(PickEmoji);
  private readonly runner = inject(SlashRunner);
  private readonly typing = inject(Typing);
  protected readonly completer = inject(Completer);
  protected readonly store = inject(RoomStore);
  protected readonly talk = inject(Talk);
  protected readonly uploads = inject(Uploads);
  private readonly box = viewChild<ElementRef<HTMLTextAreaElement>>('box');

  readonly sent = output();

  /** The room, or one of its threads: each keeps what was begun in it. */
  private readonly place = computed(() => [this.store.roomId(), this.talk.threadId() ?? []].flat().join('.'));
  protected readonly text = linkedSignal(() => this.drafts.read(this.place(), this.store.readerId()));
  protected readonly isMembersOnly = signal(false);
  protected readonly isDropping = signal(false);
  /** Pasted lines that look like code. */
  protected readonly pastedCode = signal<{ readonly start: number; readonly end: number } | null>(null);
  /** The last command was written here, not in another composer. */
  protected readonly ranHere = signal(false);

  protected readonly mayChat = computed(() => this.store.can('chat'));
  protected readonly mayUpload = computed(() => this.store.can('upload'));
  /** People talk, and nobody is there to do the work. An empty room says so itself. */
  protected readonly needsAgent = computed(
    () =>
      this.talk.threadId() === null &&
      this.store.can('seat_agent') &&
      this.store.timeline().messages.length > 0 &&
      this.store.seats().every(({ type }) => type === 'human'),
  );
  protected readonly name = computed(() => (this.talk.threadId() === null ? 'composer' : 'thread-composer'));
  protected readonly label = computed(() =>
    this.talk.threadId() === null ? `Message ${this.store.state()?.room.name ?? ''}` : 'Reply in the thread',
  );
  protected readonly isPublicRoom = computed(() => this.store.state()?.room.visibility === 'public');
  protected readonly left = computed(() => MAX_MESSAGE_LENGTH - [...this.text()].length);
  protected readonly showsLeft = computed(() => this.left() <= WARN_WITHIN);
  protected readonly canSend = computed(() => {
    const hasWords = this.text().trim() !== '' || this.uploads.attachments().length > 0;
    return hasWords && this.left() >= 0 && !this.uploads.isBusy() && !this.uploads.hasProblem();
  });
  /** What a command that makes a task says there is to do; null for everything else that is written. */
  protected readonly taskWords = computed(() => {
    const reading = parseSlashCommand(this.text());
    const makesTask = reading?.kind === 'command' && (reading.command === 'task' || reading.command === 'assign');
    return makesTask && this.store.can('create_task') ? reading.args.text : null;
  });
  /** What the writer has chosen for that task. */
  protected readonly deadline = signal<string | null>(null);
  protected readonly priority = signal<Task['priority']>('medium');

  constructor() {
    this.talk.composerIs(() => this.box()?.nativeElement.focus());
    inject(DestroyRef).onDestroy(() => this.talk.composerIs(null));
    effect(() => {
      const back = this.talk.handedBack();
      untracked(() => back && this.write([this.text(), back.text].filter((text) => text !== '').join('\n')));
    });
    afterNextRender(() => {
      // On a phone the keyboard would cover the conversation that the reader came to see.
      if (matchMedia('(hover: hover)').matches) {
        this.box()?.nativeElement.focus({ preventScroll: true });
      }
    });
  }

  protected write(text: string): void {
    this.text.set(text);
    if (this.taskWords() === null) {
      this.deadline.set(null);
      this.priority.set('medium');
    }
    this.moveCaret();
    this.pastedCode.set(null);
    this.drafts.keep(this.place(), this.store.readerId(), text);
    if (text.trim() !== '' && !text.startsWith('/')) {
      this.typing.tell(this.talk.threadId());
    }
  }

  protected moveCaret(): void {
    this.completer.type(this.text(), this.box()?.nativeElement.selectionStart ?? 0);
  }

  protected keyPressed(event: KeyboardEvent): void {
    // Enter that chooses a word of an input method is not Enter that sends.
    if (event.isComposing) {
      return;
    }
    const mark = markOf(event);
    const choice = this.completer.press(event);
    if (choice !== null) {
      event.preventDefault();
      event.stopPropagation();
      if (choice !== 'moved') {
        this.complete(choice);
      }
    } else if (mark !== null) {
      event.preventDefault();
      this.replace((selected) => toggled(selected, mark));
    } else if (isPlain(event) && event.key === 'Enter') {
      event.preventDefault();
      void this.send();
    } else if (isPlain(event) && event.key === 'ArrowUp' && this.text() === '') {
      event.preventDefault();
      this.talk.editLast();
    } else if (event.key === 'Escape' && this.talk.replyingTo()) {
      event.preventDefault();
      event.stopPropagation();
      this.talk.replyingTo.set(null);
    }
  }

  protected complete(suggestion: Suggestion): void {
    const completion = this.completer.completion();
    const box = this.box()?.nativeElement;
    if (completion && box) {
      const { text, caret } = completed(this.text(), completion.from, box.selectionStart, suggestion.insert);
      this.put({ text, start: caret, end: caret });
    }
  }

  protected async send(): Promise<void> {
    if (!this.canSend()) {
      return;
    }
    const text = this.text().trim();
    const reading = parseSlashCommand(text);
    if (reading === null) {
      this.say(text);
      return;
    }
    this.ranHere.set(true);
    const deadline = this.deadline();
    const wishes = { priority: this.priority(), ...(deadline && { deadline }) };
    const isDone = await this.runner.run(reading, (words) => this.say(words), wishes);
    if (isDone && this.text().trim() === text) {
      this.write('');
    }
    this.ranHere.set(this.runner.answer() !== null);
  }

  protected async insertEmoji(origin: HTMLElement): Promise<void> {
    const chosen = await this.emoji.beside(origin);
    if (chosen !== null) {
      this.replace(({ text, start, end }) => {
        const caret = start + chosen.length;
        return { text: text.slice(0, start) + chosen + text.slice(end), start: caret, end: caret };
      });
    }
  }

  protected addFiles(list: FileList | null | undefined): void {
    if (list && list.length > 0 && this.mayUpload()) {
      this.uploads.add([...list]);
      this.talk.toComposer();
    }
  }

  protected pasted(event: ClipboardEvent): void {
    const files = event.clipboardData?.files;
    if (files && files.length > 0) {
      event.preventDefault();
      this.addFiles(files);
      return;
    }
    const text = (event.clipboardData?.getData('text/plain') ?? '').replaceAll('\r\n', '\n');
    const start = this.box()?.nativeElement.selectionStart ?? 0;
    if (looksLikeCode(text)) {
      // Offered once the text stands there.
      setTimeout(() => this.pastedCode.set({ start, end: start + text.length }));
    }
  }

  protected fencePasted(): void {
    const place = this.pastedCode();
    if (place) {
      this.replace(({ text }) => fenced({ text, ...place }));
    }
  }

  protected draggedOver(event: DragEvent): void {
    if (this.mayUpload() && event.dataTransfer?.types.includes('Files')) {
      event.preventDefault();
      this.isDropping.set(true);
    }
  }

  protected dropped(event: DragEvent): void {
    this.isDropping.set(false);
    if (event.dataTransfer?.files.length) {
      event.preventDefault();
      this.addFiles(event.dataTransfer.files);
    }
  }

  private say(text: string): void {
    const attachments = this.uploads.attachments();
    const words = {
      text,
      visibility: this.isPublicRoom() && this.isMembersOnly() ? ('members' as const) : ('public' as const),
      replyTo: this.talk.replyingTo()?.id ?? null,
      threadId: this.talk.threadId(),
      attachments,
    };
    const place = this.place();
    this.text.set('');
    this.moveCaret();
    this.pastedCode.set(null);
    this.uploads.clear();
    this.talk.replyingTo.set(null);
    // The draft goes when the outbox holds the words, not before.
    void this.store.say(words).then(() => this.drafts.keep(place, this.store.readerId(), this.text()));
    this.sent.emit();
  }

  private replace(change: (selected: Selected) => Selected): void {
    const box = this.box()?.nativeElement;
    if (box) {
      this.put(change({ text: this.text(), start: box.selectionStart, end: box.selectionEnd }));
    }
  }

  private put({ text, start, end }: Selected): void {
    const box = this.box()?.nativeElement;
    if (box) {
      box.value = text;
      box.setSelectionRange(start, end);
      box.focus();
      this.write(text);
    }
  }
}

const isPlain = ({ shiftKey, ctrlKey, altKey, metaKey }: KeyboardEvent): boolean =>
  !shiftKey && !ctrlKey && !altKey && !metaKey;
