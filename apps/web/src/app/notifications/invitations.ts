import { httpResource } from '@angular/common/http';
import { Service, computed, inject, signal } from '@angular/core';
import { Router } from '@angular/router';
import type { PersonalInvitation } from '@clawtank/contracts';
import { AttentionApi } from '../core/attention/attention-api';
import { MyRooms } from '../core/my-rooms';
import { toApiProblem } from '../core/problem/api-problem';
import { Session } from '../core/session/session';
import { Toasts } from '../shared/toast/toasts';
import { Notices } from './notices';

/** The rooms to which somebody invited the reader by name, until they have answered. */
@Service()
export class Invitations {
  private readonly api = inject(AttentionApi);
  private readonly myRooms = inject(MyRooms);
  private readonly notices = inject(Notices);
  private readonly router = inject(Router);
  private readonly session = inject(Session);
  private readonly toasts = inject(Toasts);
  private readonly readerId = computed(() => this.session.account()?.id);
  private readonly list = httpResource<PersonalInvitation[]>(() =>
    this.readerId() ? '/api/me/invitations' : undefined,
  );
  private readonly answered = signal<ReadonlySet<string>>(new Set());
  private readonly busy = signal<string | null>(null);

  readonly open = computed(() =>
    this.list.hasValue() ? this.list.value().filter(({ id }) => !this.answered().has(id)) : [],
  );
  /** The one whose answer is on its way. */
  readonly answering = this.busy.asReadonly();

  constructor() {
    this.notices.whenArrived(({ kind }) => {
      if (kind === 'invitation') {
        this.list.reload();
      }
    });
  }

  async accept({ id, room }: PersonalInvitation): Promise<void> {
    await this.answer(id, room.id, () => this.api.accept(id), 'You are not in the room yet.');
    if (this.answered().has(id)) {
      this.myRooms.reload();
      await this.router.navigate(['/rooms', room.id]);
    }
  }

  async decline({ id, room }: PersonalInvitation): Promise<void> {
    await this.answer(id, room.id, () => this.api.decline(id), 'The invitation is still open.');
  }

  private async answer(id: string, roomId: string, act: () => Promise<unknown>, otherwise: string): Promise<void> {
    this.busy.set(id);
    try {
      await act();
      this.answered.update((answered) => new Set([...answered, id]));
      await this.notices.invitationAnswered(roomId).catch(() => undefined); // it stays in the list, and can be read there
    } catch (thrown) {
      this.toasts.failed(`${otherwise} ${toApiProblem(thrown).detail}`);
      this.list.reload();
    } finally {
      this.busy.set(null);
    }
  }
}
