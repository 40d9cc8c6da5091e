import { LiveAnnouncer } from '@angular/cdk/a11y';
import { Service, computed, effect, inject, signal, untracked } from '@angular/core';
import type { Approval, DecideApproval } from '@clawtank/contracts';
import { newCommandId } from '../../core/connection/new-command-id';
import { toApiProblem } from '../../core/problem/api-problem';
import { Toasts } from '../../shared/toast/toasts';
import { RoomStore } from '../state/room-store';
import { refusalOf } from './approval-words';

/** What agents of the room wait for leave to do, and the reader's decisions. Says once that something waits for the reader. */
@Service({ autoProvided: false })
export class Approvals {
  private readonly announcer = inject(LiveAnnouncer);
  private readonly store = inject(RoomStore);
  private readonly toasts = inject(Toasts);
  private readonly announced = new Set<string>();
  private readonly deciding = signal<Readonly<Record<string, DecideApproval['decision']>>>({});
  private readonly refusals = signal<Readonly<Record<string, string>>>({});

  /** Oldest first. */
  readonly waiting = computed(() =>
    [...(this.store.state()?.approvals ?? [])].sort((a, b) => Date.parse(a.requestedAt) - Date.parse(b.requestedAt)),
  );
  /** What waits for the reader. */
  readonly own = computed(() => this.waiting().filter(({ owner }) => owner.id === this.store.readerId()));
  readonly ofOthers = computed(() => this.waiting().filter(({ owner }) => owner.id !== this.store.readerId()));

  constructor() {
    effect(() => {
      const news = this.own().filter(({ id }) => !this.announced.has(id));
      if (news.length > 0) {
        news.forEach(({ id }) => this.announced.add(id));
        const told = news.map(
          ({ agent, title, taskNumber }) => `${agent.name} asks for leave: ${title}. Task ${taskNumber}.`,
        );
        untracked(() => void this.announcer.announce(told.join(' '), 'polite'));
      }
    });
  }

  /** Which answer is on its way. */
  decisionOf({ id }: Approval): DecideApproval['decision'] | null {
    return this.deciding()[id] ?? null;
  }

  /** Why the last answer did not count. */
  refusalOf({ id }: Approval): string {
    return this.refusals()[id] ?? '';
  }

  /** Gives leave or refuses it, once however often it is asked for. What became of it is heard from the room. */
  async decide(approval: Approval, decision: DecideApproval['decision'], note: string): Promise<void> {
    if (this.decisionOf(approval)) {
      return;
    }
    const { id, roomId } = approval;
    this.deciding.update((all) => ({ ...all, [id]: decision }));
    this.refusals.update((all) => ({ ...all, [id]: '' }));
    try {
      await this.store.ask('decide_approval', { roomId, id, decision, note: note.trim(), commandId: newCommandId() });
    } catch (thrown) {
      this.refused(approval, refusalOf(toApiProblem(thrown), approval));
    } finally {
      this.deciding.update(({ [id]: _, ...others }) => others);
    }
  }

  /** Said where the question stands, or, if it is gone by now, in the corner. */
  private refused(approval: Approval, why: string): void {
    if (this.waiting().some(({ id }) => id === approval.id)) {
      this.refusals.update((all) => ({ ...all, [approval.id]: why }));
    } else {
      this.toasts.news(why, null);
    }
  }
}
