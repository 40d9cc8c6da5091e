import { Clipboard } from '@angular/cdk/clipboard';
import { DOCUMENT, Service, inject } from '@angular/core';
import type { ChatMessage } from '@clawtank/contracts';
import { newCommandId } from '../../core/connection/new-command-id';
import { toApiProblem } from '../../core/problem/api-problem';
import { Confirm } from '../../shared/confirm/confirm';
import { Toasts } from '../../shared/toast/toasts';
import { inOneLine } from '../message/in-one-line';
import { RoomStore } from './room-store';

/** What can be done with a message that stands in the room. The change itself comes as everybody gets it: through the log. */
@Service({ autoProvided: false })
export class MessageActions {
  private readonly store = inject(RoomStore);
  private readonly confirm = inject(Confirm);
  private readonly toasts = inject(Toasts);
  private readonly clipboard = inject(Clipboard);
  private readonly document = inject(DOCUMENT);

  mayEdit({ userId, promotedBy, deletedAt }: ChatMessage): boolean {
    return deletedAt === null && promotedBy === null && userId === this.store.readerId() && this.store.can('chat');
  }

  mayDelete(message: ChatMessage): boolean {
    const isOwn = message.userId === this.store.readerId();
    return message.deletedAt === null && (isOwn || this.store.can('delete_any_message'));
  }

  mayReact({ deletedAt }: ChatMessage): boolean {
    return deletedAt === null && this.store.can('chat');
  }

  mayPin({ deletedAt }: ChatMessage): boolean {
    return deletedAt === null && this.store.can('pin_message');
  }

  /** Answers with this emoji, or takes that back. */
  async react({ id, reactions }: ChatMessage, emoji: string): Promise<void> {
    const readerId = this.store.readerId();
    const isOn = reactions.some((one) => one.emoji === emoji && one.memberIds.includes(readerId));
    await this.act('Your reaction was not kept.', () =>
      this.store.ask('react', { ...this.request(id), emoji, on: !isOn }),
    );
  }

  async pin({ id, pinnedAt }: ChatMessage): Promise<void> {
    const isPinned = pinnedAt !== null;
    const failed = isPinned ? 'The message is still pinned.' : 'The message is not pinned.';
    await this.act(failed, () => this.store.ask('pin_message', { ...this.request(id), pinned: !isPinned }));
  }

  /** Refusals are the caller's to show, beside what was written. */
  async edit({ id }: ChatMessage, text: string, commandId: string): Promise<void> {
    await this.store.ask('edit_message', { roomId: this.store.roomId(), messageId: id, message: text, commandId });
  }

  /** Asks first, naming what will be gone. True if the message is. */
  async delete(message: ChatMessage): Promise<boolean> {
    const { id, author, userId, promotedBy, attachments } = message;
    const whose = promotedBy === null && userId === this.store.readerId() ? 'your message' : `${author.name}’s message`;
    const said = inOneLine(message, 120);
    const files = attachments.length > 0 ? ` Its ${attachments.length === 1 ? 'file goes' : 'files go'} with it.` : '';
    const isSure = await this.confirm.ask({
      heading: `Delete ${whose}?`,
      text: `${said ? `“${said}” ` : 'It '}will be gone for everybody, from the room, from search and from what spectators see.${files} This cannot be taken back.`,
      deed: 'Delete the message',
      isDangerous: true,
    });
    return isSure && this.act('The message is still there.', () => this.store.ask('delete_message', this.request(id)));
  }

  copyText({ message }: ChatMessage): void {
    this.copy(message, 'The text is copied.');
  }

  copyLink({ seq }: ChatMessage): void {
    const { origin } = this.document.location;
    this.copy(`${origin}/rooms/${this.store.roomId()}?message=${seq}`, 'A link to the message is copied.');
  }

  private copy(text: string, done: string): void {
    if (this.clipboard.copy(text)) {
      this.toasts.done(done);
    } else {
      this.toasts.failed('This browser does not let us copy. Select the text and copy it by hand.');
    }
  }

  private request(messageId: string) {
    return { roomId: this.store.roomId(), messageId, commandId: newCommandId() };
  }

  private async act(failed: string, act: () => Promise<unknown>): Promise<boolean> {
    try {
      await act();
      return true;
    } catch (thrown) {
      this.toasts.failed(`${failed} ${toApiProblem(thrown).detail}`);
      return false;
    }
  }
}
