import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { HttpClient } from '@angular/common/http';
import { Component, computed, inject } from '@angular/core';
import type { AgentLimits, AgentLimitsInRoom } from '@clawtank/contracts';
import { firstValueFrom } from 'rxjs';
import { Button } from '../../shared/button';
import { LimitMeters } from '../../shared/limits/limit-meters';
import { LimitsForm } from '../../shared/limits/limits-form';
import { loaded } from '../../shared/loaded';
import { Skeleton } from '../../shared/skeleton';
import { Toasts } from '../../shared/toast/toasts';
import { RoomStore } from '../state/room-store';

/** What an agent is held to in this room; whoever looks after the room may say what, in place of what it sets for all agents. */
@Component({
  selector: 'ct-limits-dialog',
  imports: [Button, LimitMeters, LimitsForm, Skeleton],
  template: `
    <h2 id="limits-heading">Limits of {{ agent.name }}</h2>
    <p class="lead">The stricter of its owner’s and the room’s holds.</p>
    @if (limits.value(); as limits) {
      <ct-limit-meters [limits]="limits" />
      @if (maySet()) {
        <h3>{{ limits.byRoom ? 'What this room sets for it' : 'Set others for it in this room' }}</h3>
        <ct-limits-form
          [limits]="limits.byRoom"
          [usual]="limits.roomDefaults"
          [save]="save"
          (closed)="dialog.close()"
        />
      } @else {
        <div class="buttons"><button type="button" ctButton="primary" (click)="dialog.close()">Done</button></div>
      }
    } @else if (limits.problem(); as problem) {
      <p class="problem" role="alert">{{ problem.detail }}</p>
      <div class="buttons"><button type="button" ctButton (click)="limits.load()">Try again</button></div>
    } @else {
      <ct-skeleton [lines]="4" label="Loading the limits" />
    }
  `,
  styleUrls: ['../../shared/form/fields.css', './dialog.css'],
})
export class LimitsDialog {
  private readonly http = inject(HttpClient);
  private readonly store = inject(RoomStore);
  private readonly toasts = inject(Toasts);
  protected readonly dialog = inject(DialogRef);
  protected readonly agent = inject<{ readonly id: string; readonly name: string }>(DIALOG_DATA);

  protected readonly maySet = computed(() => this.store.can('mute_member'));
  protected readonly limits = loaded(() => firstValueFrom(this.http.get<AgentLimitsInRoom>(this.address())));

  protected readonly save = async (limits: AgentLimits | null): Promise<void> => {
    await firstValueFrom(this.http.put(this.address(), { limits }));
    this.toasts.done(
      limits ? `${this.agent.name} is held to that here.` : `${this.agent.name} is held to what the room sets for all.`,
    );
  };

  private address(): string {
    return `/api/rooms/${this.store.roomId()}/agents/${this.agent.id}/limits`;
  }
}
