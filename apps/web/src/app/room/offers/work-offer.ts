import {
  Component,
  ElementRef,
  Injector,
  afterNextRender,
  computed,
  inject,
  input,
  output,
  signal,
} from '@angular/core';
import { RouterLink } from '@angular/router';
import type { ChatMessage, Task } from '@clawtank/contracts';
import { newCommandId } from '../../core/connection/new-command-id';
import { toApiProblem } from '../../core/problem/api-problem';
import { Button } from '../../shared/button';
import { LucideListTodo, LucideX } from '../../shared/icon/icons';
import { Now } from '../../shared/now';
import { AskForTask } from '../dialogs/ask-for-task';
import { RoomStore } from '../state/room-store';
import { queryOf } from '../work/work-place';
import { DeclinedOffers } from './declined-offers';
import { readsLikeWork } from './reads-like-work';

/** What was asked for so long ago and became no task will not. */
const OFFERED_FOR = 3 * 86_400_000;

/** Under a message that reads like work and names nobody: makes a task of it with one click, and unmakes it as easily. */
@Component({
  selector: 'ct-work-offer',
  imports: [Button, LucideListTodo, LucideX, RouterLink],
  providers: [AskForTask],
  template: `
    @if (made(); as task) {
      <p role="status">
        <svg lucideListTodo [size]="14"></svg>
        <a [routerLink]="[]" [queryParams]="queryOf(task)" queryParamsHandling="merge">Task {{ task.number }}</a>
        @if (isOwn(task)) {
          <button type="button" ctButton="quiet" size="small" (click)="asking.open(task)">Change it</button>
          <button type="button" ctButton="quiet" size="small" [pending]="isBusy()" (click)="undo(task)">Undo</button>
        }
      </p>
    } @else if (isOffered()) {
      <p>
        <button type="button" ctButton="quiet" size="small" [pending]="isBusy()" (click)="make()">
          <svg lucideListTodo [size]="14"></svg>Make this a task?
        </button>
        <button
          type="button"
          ctButton="quiet"
          size="small"
          icon
          aria-label="No task of this"
          title="No task of this"
          (click)="decline()"
        >
          <svg lucideX [size]="14"></svg>
        </button>
      </p>
    }
    @if (refusal(); as refusal) {
      <p class="refusal" role="alert">{{ refusal }}</p>
    }
  `,
  styles: `
    :host {
      display: contents;
    }

    p {
      display: flex;
      flex-wrap: wrap;
      grid-column: 2;
      align-items: center;
      gap: var(--space-1);
      margin-inline-start: -0.5rem;
      color: var(--ink-faint);
      font-size: var(--text-s);
    }

    p[role='status'],
    .refusal {
      margin-inline-start: 0;
    }

    .refusal {
      color: var(--danger);
    }
  `,
})
export class WorkOffer {
  private readonly declined = inject(DeclinedOffers);
  private readonly element = inject<ElementRef<HTMLElement>>(ElementRef);
  private readonly injector = inject(Injector);
  private readonly now = inject(Now).value;
  private readonly store = inject(RoomStore);
  protected readonly asking = inject(AskForTask);

  readonly message = input.required<ChatMessage>();
  /** It is about to grow or shrink because the reader asked for it. */
  readonly resizing = output();

  protected readonly isBusy = signal(false);
  protected readonly refusal = signal('');
  private readonly reads = computed(() => readsLikeWork(this.message().message));
  private readonly task = computed(() =>
    this.store.state()?.tasks.find(({ sourceMessageId }) => sourceMessageId === this.message().id),
  );
  /** What became of it; a mention's task is told by the line below the message. */
  protected readonly made = computed(() => {
    const task = this.task();
    return task && task.state !== 'cancelled' && this.reads() ? task : null;
  });
  protected readonly isOffered = computed(() => {
    const { id, author, deletedAt, timestamp } = this.message();
    return (
      deletedAt === null &&
      author.type === 'human' &&
      this.reads() &&
      this.store.can('create_task') &&
      !this.task() &&
      !this.declined.has(this.store.readerId(), id) &&
      this.now() - Date.parse(timestamp) < OFFERED_FOR
    );
  });

  /** Made by this reader, and nobody has begun it. */
  protected isOwn({ createdBy, state }: Task): boolean {
    return createdBy.id === this.store.readerId() && state === 'open';
  }

  protected readonly queryOf = ({ number }: Task) => queryOf({ work: 'tasks', task: number });

  protected make(): Promise<void> {
    const { id, roomId, message } = this.message();
    return this.act(async () => {
      await this.store.ask('create_task', {
        roomId,
        description: message,
        sourceMessageId: id,
        commandId: newCommandId(),
      });
      // The button is gone; the keyboard goes on where it stood.
      afterNextRender(() => this.element.nativeElement.querySelector('a')?.focus(), { injector: this.injector });
    });
  }

  protected undo({ id: taskId, roomId }: Task): Promise<void> {
    return this.act(() => this.store.ask('cancel_task', { roomId, taskId, commandId: newCommandId() }));
  }

  protected decline(): void {
    this.resizing.emit();
    this.declined.decline(this.store.readerId(), this.message().id);
  }

  private async act(deed: () => Promise<unknown>): Promise<void> {
    this.resizing.emit();
    this.isBusy.set(true);
    this.refusal.set('');
    try {
      await deed();
    } catch (thrown) {
      this.refusal.set(toApiProblem(thrown).detail);
    } finally {
      this.isBusy.set(false);
    }
  }
}
