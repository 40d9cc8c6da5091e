import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { Component, computed, inject, signal } from '@angular/core';
import { type ApiProblem, toApiProblem } from '../../core/problem/api-problem';
import { Button } from '../../shared/button';
import { Toasts } from '../../shared/toast/toasts';
import { HostingApi } from '../settings/hosting-api';
import { RoomStore } from '../state/room-store';

/** Makes another member the host. Only they can give the room back, so its name is typed first. */
@Component({
  selector: 'ct-transfer-dialog',
  imports: [Button],
  template: `
    <h2 id="transfer-heading">Hand {{ name() }} over</h2>
    <p class="lead">Whoever you choose decides everything from then on. You stay in the room, as a moderator.</p>
    @if (candidates().length > 0) {
      <label class="select">
        <span class="label">Who hosts it from now on</span>
        <select #choice (change)="chosen.set(choice.value)">
          @for (seat of candidates(); track seat.id) {
            <option [value]="seat.id" [selected]="seat.id === heir()?.id">{{ seat.name }}</option>
          }
        </select>
      </label>
      <label class="typed">
        <span
          >Type <strong>{{ name() }}</strong> to confirm</span
        >
        <input #box autocomplete="off" spellcheck="false" (input)="typed.set(box.value)" />
      </label>
    } @else {
      <p class="note">There is nobody else here yet. Invite the person first.</p>
    }
    @if (problem(); as problem) {
      <p class="problem" role="alert">{{ problem.detail }}</p>
    }
    <div class="buttons">
      <button type="button" ctButton (click)="dialog.close()">Keep it</button>
      @if (heir(); as heir) {
        <button
          type="button"
          ctButton="danger"
          [disabled]="typed().trim() !== name()"
          [pending]="isBusy()"
          (click)="transfer(heir)"
        >
          Hand it over to {{ heir.name }}
        </button>
      }
    </div>
  `,
  styleUrls: ['../../shared/form/fields.css', './dialog.css'],
})
export class TransferDialog {
  private readonly api = inject(HostingApi);
  private readonly store = inject(RoomStore);
  private readonly toasts = inject(Toasts);
  protected readonly dialog = inject(DialogRef);

  protected readonly name = computed(() => this.store.state()?.room.name ?? '');
  protected readonly candidates = computed(() =>
    this.store.seats().filter(({ id, type }) => type === 'human' && id !== this.store.readerId()),
  );
  /** Chosen among the members, if the dialog was opened there. */
  protected readonly chosen = signal(inject<{ readonly id: string } | null>(DIALOG_DATA)?.id ?? '');
  protected readonly heir = computed(
    () => this.candidates().find(({ id }) => id === this.chosen()) ?? this.candidates()[0] ?? null,
  );
  protected readonly typed = signal('');
  protected readonly isBusy = signal(false);
  protected readonly problem = signal<ApiProblem | null>(null);

  protected async transfer({ id, name }: { readonly id: string; readonly name: string }): Promise<void> {
    this.isBusy.set(true);
    this.problem.set(null);
    try {
      await this.api.transfer(this.store.roomId(), id);
      this.toasts.done(`${name} hosts ${this.name()} now.`);
      this.dialog.close();
    } catch (thrown) {
      this.problem.set(toApiProblem(thrown));
    } finally {
      this.isBusy.set(false);
    }
  }
}
