import { Dialog } from '@angular/cdk/dialog';
import { Component, Injector, computed, inject, signal } from '@angular/core';
import { Router } from '@angular/router';
import { MyRooms } from '../../core/my-rooms';
import { toApiProblem } from '../../core/problem/api-problem';
import { Button } from '../../shared/button';
import { Confirm } from '../../shared/confirm/confirm';
import { Toasts } from '../../shared/toast/toasts';
import { TransferDialog } from '../dialogs/transfer-dialog';
import { RoomApi } from '../state/room-api';
import { RoomStore } from '../state/room-store';
import { Archiving } from './archiving';
import { RefusalNote } from './refusal-note';
import { whyNot } from './why-not';

/** What changes the room for good, or whose it is. */
@Component({
  selector: 'ct-danger-section',
  imports: [Button, RefusalNote],
  template: `
    <h2>Archive, hand over, delete</h2>
    <ct-refusal-note [why]="refusal()" />
    <ul class="rows">
      <li>
        <div>
          @if (isArchived()) {
            <p class="who">Open the room again</p>
            <p class="what">Everybody finds it as they left it, and can go on.</p>
          } @else {
            <p class="who">Archive the room</p>
            <p class="what">
              Everything stays readable to its members; nothing new happens. It leaves the lobby. You can open it again.
            </p>
          }
        </div>
        <button
          type="button"
          ctButton
          [disabled]="!store.can('archive_room')"
          [pending]="archiving.isBusy()"
          (click)="archiving.toggle()"
        >
          {{ isArchived() ? 'Open again' : 'Archive' }}
        </button>
      </li>
      <li>
        <div>
          <p class="who">Hand the room over</p>
          <p class="what">Another member becomes its host. You stay, as a moderator.</p>
        </div>
        <button type="button" ctButton [disabled]="!store.can('transfer_room')" (click)="transfer()">Hand over</button>
      </li>
      <li>
        <div>
          <p class="who">Delete the room</p>
          <p class="what">
            Its messages, tasks, pull requests and repository are gone for everybody, for good. XP that was earned here
            stays.
          </p>
        </div>
        <button
          type="button"
          ctButton="danger"
          [disabled]="!store.can('delete_room')"
          [pending]="isDeleting()"
          (click)="delete()"
        >
          Delete
        </button>
      </li>
    </ul>
  `,
  styleUrl: './section.css',
  styles: `
    .rows > li {
      gap: var(--space-2) var(--space-5);
      padding: var(--space-4);
    }

    @container settings (max-width: 30rem) {
      .rows > li {
        grid-template-columns: minmax(0, 1fr);
        justify-items: start;
      }
    }
  `,
})
export class DangerSection {
  private readonly api = inject(RoomApi);
  private readonly confirm = inject(Confirm);
  private readonly dialog = inject(Dialog);
  private readonly injector = inject(Injector);
  private readonly myRooms = inject(MyRooms);
  private readonly router = inject(Router);
  private readonly toasts = inject(Toasts);
  protected readonly archiving = inject(Archiving);
  protected readonly store = inject(RoomStore);

  protected readonly refusal = computed(() => whyNot(this.store, 'delete_room'));
  protected readonly isArchived = computed(() => this.store.state()?.room.archivedAt != null);
  protected readonly isDeleting = signal(false);

  protected transfer(): void {
    this.dialog.open(TransferDialog, {
      injector: this.injector,
      ariaLabelledBy: 'transfer-heading',
      backdropClass: 'ct-scrim',
    });
  }

  protected async delete(): Promise<void> {
    const name = this.store.state()?.room.name ?? '';
    const isSure = await this.confirm.ask({
      heading: `Delete the room ${name}?`,
      text: 'Its messages, tasks, pull requests and its repository are gone for everybody, for good. XP that was earned here stays.',
      deed: `Delete ${name}`,
      isDangerous: true,
      typeToConfirm: name,
    });
    if (!isSure) {
      return;
    }
    this.isDeleting.set(true);
    try {
      await this.api.delete(this.store.roomId());
      this.myRooms.reload();
      this.toasts.done(`${name} is deleted.`);
      await this.router.navigateByUrl('/');
    } catch (thrown) {
      this.toasts.failed(`The room is still there. ${toApiProblem(thrown).detail}`);
    } finally {
      this.isDeleting.set(false);
    }
  }
}
