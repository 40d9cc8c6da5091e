import { Service, signal } from '@angular/core';
import type { ChatMessage } from '@clawtank/contracts';

/** One place where one talks, the room itself or a thread: what its composer answers, and which message is being changed. */
@Service({ autoProvided: false })
export class Talk {
  /** The thread; null for the room itself. */
  readonly threadId = signal<string | null>(null);
  readonly replyingTo = signal<ChatMessage | null>(null);
  /** The message that is being edited in place. */
  readonly editingId = signal<string | null>(null);
  /** Told to the composer: words to put there, such as those of a message that was refused. */
  readonly handedBack = signal<{ readonly text: string } | null>(null);
  private composer: (() => void) | null = null;
  private lastOwn: () => ChatMessage | null = () => null;

  /** The composer says how to get to it. */
  composerIs(focus: (() => void) | null): void {
    this.composer = focus;
  }

  toComposer(): void {
    this.composer?.();
  }

  /** Whoever shows the messages says which one the reader wrote last. */
  lastOwnIs(find: () => ChatMessage | null): void {
    this.lastOwn = find;
  }

  /** Changes what the reader said last, if they may. */
  editLast(): void {
    this.editingId.set(this.lastOwn()?.id ?? null);
  }

  replyTo(message: ChatMessage): void {
    this.replyingTo.set(message);
    this.toComposer();
  }

  /** Ends editing; the one who edited is back where they write. */
  editingEnded(): void {
    this.editingId.set(null);
    this.toComposer();
  }

  handBack(text: string): void {
    this.handedBack.set({ text });
    this.toComposer();
  }
}
