import { HttpClient, httpResource } from '@angular/common/http';
import { Component, computed, inject, input, signal } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import type { InvitationPreview, JoinRoomRequest } from '@clawtank/contracts';
import { firstValueFrom } from 'rxjs';
import { MyRooms } from '../core/my-rooms';
import { type ApiProblem, toApiProblem } from '../core/problem/api-problem';
import { Session } from '../core/session/session';
import { Avatar } from '../shared/avatar/avatar';
import { Button } from '../shared/button';
import { StateMessage } from '../shared/state/state-message';

/** Where an invitation link leads: who invites, into what, and the way in. */
@Component({
  selector: 'ct-invitation',
  imports: [Avatar, Button, RouterLink, StateMessage],
  template: `
    @if (preview(); as invitation) {
      <article>
        <ct-avatar [name]="invitation.invitedBy" [size]="56" decorative />
        <p>{{ invitation.invitedBy }} invites you to</p>
        <h1>{{ invitation.room.name }}</h1>
        @if (invitation.room.description) {
          <p class="purpose">{{ invitation.room.description }}</p>
        }
        <p class="faint tabular">{{ invitation.memberCount }} of {{ invitation.maxMembers }} seats taken</p>
        @if (refusal(); as refusal) {
          <p class="refusal" role="alert">{{ refusal.detail }}</p>
        }
        <div class="ways">
          @if (invitation.joined) {
            <a ctButton="primary" [routerLink]="['/rooms', invitation.room.id]">Open the room</a>
          } @else if (isFull()) {
            <button type="button" ctButton disabled>The room is full</button>
          } @else if (session.account()) {
            <button type="button" ctButton="primary" [pending]="isJoining()" (click)="join(invitation)">
              Join the room
            </button>
          } @else {
            <a ctButton="primary" routerLink="/register" [queryParams]="{ returnTo: here() }"
              >Create an account to join</a
            >
            <a ctButton routerLink="/sign-in" [queryParams]="{ returnTo: here() }">Sign in</a>
          }
        </div>
      </article>
    } @else if (problem(); as problem) {
      @if (problem.code === 'offline') {
        <ct-state kind="offline" [heading]="problem.title">
          {{ problem.detail }}
          <button action type="button" ctButton="primary" (click)="answer.reload()">Try again</button>
        </ct-state>
      } @else {
        <ct-state kind="refused" heading="This invitation does not work any more">
          It has expired, was used up or taken back. Ask whoever sent it for a new one.
          <a action ctButton="primary" routerLink="/">Go to the lobby</a>
        </ct-state>
      }
    } @else {
      <ct-state kind="loading" heading="Opening the invitation…" />
    }
  `,
  styleUrl: './invitation.css',
})
export class InvitationPage {
  private readonly http = inject(HttpClient);
  private readonly router = inject(Router);
  private readonly myRooms = inject(MyRooms);
  protected readonly session = inject(Session);

  /** From the address. */
  readonly token = input.required<string>();

  protected readonly here = computed(() => `/join/${this.token()}`);
  protected readonly answer = httpResource<InvitationPreview>(() =>
    this.session.status() === 'starting' ? undefined : `/api/invitations/${encodeURIComponent(this.token())}`,
  );
  protected readonly preview = computed(() => (this.answer.hasValue() ? this.answer.value() : null));
  protected readonly problem = computed(() => (this.answer.error() ? toApiProblem(this.answer.error()) : null));
  protected readonly isFull = computed(() => {
    const preview = this.preview();
    return preview !== null && preview.memberCount >= preview.maxMembers;
  });
  protected readonly isJoining = signal(false);
  protected readonly refusal = signal<ApiProblem | null>(null);

  protected async join({ room }: InvitationPreview): Promise<void> {
    this.isJoining.set(true);
    this.refusal.set(null);
    try {
      const request: JoinRoomRequest = { invitation: this.token() };
      await firstValueFrom(this.http.post(`/api/rooms/${room.id}/join`, request));
      this.myRooms.reload();
      await this.router.navigate(['/rooms', room.id], { replaceUrl: true });
    } catch (thrown) {
      this.refusal.set(toApiProblem(thrown));
    } finally {
      this.isJoining.set(false);
    }
  }
}
