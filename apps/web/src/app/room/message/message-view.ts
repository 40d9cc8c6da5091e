import { Dialog } from '@angular/cdk/dialog';
import { Component, ElementRef, Injector, computed, inject, input, output, signal } from '@angular/core';
import type { ChatMessage } from '@clawtank/contracts';
import { LucideLock, LucideMessagesSquare, LucidePin } from '../../shared/icon/icons';
import { Avatar } from '../../shared/avatar/avatar';
import { Button } from '../../shared/button';
import { RelativeTime } from '../../shared/relative-time';
import { Attachments } from '../attachments/attachments';
import type { Speech } from '../conversation/rows';
import { PickEmoji } from '../emoji/pick-emoji';
import { SpeechText } from '../markdown/speech-text';
import { MessageActions } from '../state/message-actions';
import type { PendingMessage } from '../state/outbox';
import { WorkOffer } from '../offers/work-offer';
import { RoomStore } from '../state/room-store';
import { Drawers } from '../talk/drawers';
import { Talk } from '../talk/talk';
import { type Deed, deedOf } from './deeds';
import { HistoryDialog } from './history-dialog';
import { LinkPreviewCard } from './link-preview';
import { MessageEditor } from './message-editor';
import { MessageToolbar } from './message-toolbar';
import { PendingNote } from './pending-note';
import { Quote } from './quote';
import { Reactions } from './reactions';

/** A message with its author, what hangs on it, what can be done with it, and what became of it while it is not stored yet. */
@Component({
  selector: 'ct-message',
  imports: [
    Attachments,
    Avatar,
    Button,
    LinkPreviewCard,
    LucideLock,
    LucideMessagesSquare,
    LucidePin,
    MessageEditor,
    MessageToolbar,
    PendingNote,
    Quote,
    Reactions,
    RelativeTime,
    SpeechText,
    WorkOffer,
  ],
  host: {
    '[class.starts]': 'startsGroup()',
    '[class.for-you]': 'isForReader()',
    '[class.pending]': 'speech().pending !== null',
    '[class.editing]': 'isEditing()',
    '[class.lit]': 'isLit()',
    '(mouseenter)': 'isPointedAt.set(true)',
    '(mouseleave)': 'isPointedAt.set(false)',
    '(focusin)': 'isFocused.set(true)',
    '(focusout)': 'isFocused.set(false)',
  },
  templateUrl: './message-view.html',
  styleUrls: ['./byline.css', './message-view.css'],
})
export class MessageView {
  private readonly actions = inject(MessageActions);
  private readonly dialog = inject(Dialog);
  private readonly drawers = inject(Drawers);
  private readonly element = inject<ElementRef<HTMLElement>>(ElementRef);
  private readonly emoji = inject(PickEmoji);
  private readonly injector = inject(Injector);
  private readonly talk = inject(Talk);
  protected readonly store = inject(RoomStore);

  readonly speech = input.required<Speech>();
  readonly startsGroup = input.required<boolean>();
  /** The one message of the log that the Tab key reaches. */
  readonly isCurrent = input(false);
  /** Pointed out, as after a jump. */
  readonly isLit = input(false);
  /** It is about to grow or shrink because the reader asked for it. */
  readonly resizing = output();

  protected readonly isPointedAt = signal(false);
  protected readonly isFocused = signal(false);
  /** What the toolbar opened is open elsewhere on the page: there the pointer and the focus go, and the toolbar waits for them. */
  protected readonly isInUse = signal(false);
  /** Fingers do not hover: the menu stands at each message. */
  protected readonly isTouch = matchMedia('(hover: none)').matches;

  protected readonly message = computed(() => this.speech().message);
  protected readonly inThread = computed(() => this.talk.threadId() !== null);
  protected readonly isEditing = computed(() => {
    const id = this.message()?.id;
    return id !== undefined && this.talk.editingId() === id;
  });
  protected readonly showsToolbar = computed(
    () => !this.isEditing() && (this.isTouch || this.isPointedAt() || this.isFocused() || this.isInUse()),
  );
  protected readonly seat = computed(() => this.store.seatById().get(this.speech().author.id ?? ''));
  protected readonly ring = computed(
    () => this.seat()?.ring ?? (this.speech().author.type === 'agent' ? 'disconnected' : 'idle'),
  );
  protected readonly owner = computed(() => this.seat()?.ownerName ?? null);
  protected readonly isMembersOnly = computed(
    () => this.speech().visibility === 'members' && this.store.state()?.room.visibility === 'public',
  );
  protected readonly isForReader = computed(() => {
    const { message, author, called } = this.speech();
    const name = this.store.ownSeat()?.name.toLowerCase();
    const isCalled = called.here || called.names.some((one) => one.toLowerCase() === name);
    return message !== null && author.id !== this.store.readerId() && isCalled;
  });

  protected async does(deed: Deed): Promise<void> {
    const message = this.message();
    if (!message) {
      return;
    }
    switch (deed) {
      case 'react':
        return this.actions.mayReact(message) ? this.react(message) : undefined;
      case 'reply':
        return this.actions.mayReact(message) ? this.talk.replyTo(message) : undefined;
      case 'thread':
        return this.inThread() ? undefined : void this.drawers.openThread(message.threadId ?? message.id);
      case 'edit':
        return this.actions.mayEdit(message) ? this.startEditing(message) : undefined;
      case 'pin':
        return this.actions.mayPin(message) ? this.actions.pin(message) : undefined;
      case 'delete':
        return this.actions.mayDelete(message) ? void (await this.actions.delete(message)) : undefined;
      case 'copy-text':
        return this.actions.copyText(message);
      case 'copy-link':
        return this.actions.copyLink(message);
      case 'history':
        return this.showHistory(message);
    }
  }

  protected keyPressed(event: KeyboardEvent): void {
    const deed = event.target === event.currentTarget ? deedOf(event) : null;
    if (deed) {
      event.preventDefault();
      event.stopPropagation();
      void this.does(deed);
    }
  }

  protected editingEnded(): void {
    this.resizing.emit();
    this.talk.editingEnded();
  }

  /** Takes the words of a refused message back to where one writes. */
  protected async takeBack({ clientMessageId, text }: PendingMessage): Promise<void> {
    this.talk.handBack(text);
    await this.store.discard(clientMessageId);
  }

  protected openThread({ id }: ChatMessage): void {
    void this.drawers.openThread(id);
  }

  protected async showHistory(message: ChatMessage): Promise<void> {
    this.dialog.open(HistoryDialog, {
      data: message,
      injector: this.injector,
      ariaLabelledBy: 'history-heading',
      backdropClass: 'ct-scrim',
    });
  }

  private startEditing({ id }: ChatMessage): void {
    this.resizing.emit();
    this.talk.editingId.set(id);
  }

  private async react(message: ChatMessage): Promise<void> {
    this.isInUse.set(true);
    const chosen = await this.emoji.beside(
      this.element.nativeElement.querySelector('ct-message-toolbar') ?? this.element.nativeElement,
    );
    this.isInUse.set(false);
    if (chosen !== null) {
      await this.actions.react(message, chosen);
    }
  }
}
