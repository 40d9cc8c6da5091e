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

/** Why a link leads nowhere, by the server's answer. Whether it expired, was used up or taken back is not told to whoever holds it. */
const ENDED: Partial<Record<ApiProblem['code'], { readonly heading: string; readonly text: string }>> = {
  banned: {
    heading: 'You are banned from this room',
    text: 'Whoever looks after it has decided so, and no invitation changes that. Only they can take it back.',
  },
  room_archived: {
    heading: 'This room is archived',
    text: 'Nobody joins while it is. Ask whoever invited you whether it will open again; the invitation keeps until then.',
  },
  rate_limited: {
    heading: 'One moment',
    text: 'Too many invitations were opened from here. Wait a minute, then open the link again.',
  },
};
const NOT_ANY_MORE = {
  heading: 'This invitation does not work any more',
  text: 'It has expired, was used up or taken back. Ask whoever sent it for a new one.',
};

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
        <div class="ways">
          @if (refusal(); as refusal) {
            <p class="refusal" role="alert">{{ refusal.detail }}</p>
            <a ctButton routerLink="/">Go to the lobby</a>
          } @else if (invitation.joined) {
            <a ctButton="primary" [routerLink]="['/rooms', invitation.room.id]">Open the room</a>
          } @else if (isFull()) {
            <p class="refusal">Every seat is taken. Come back when somebody has left.</p>
            <button type="button" ctButton [pending]="answer.isLoading()" (click)="answer.reload()">Look again</button>
            <a ctButton="quiet" routerLink="/">Go to the lobby</a>
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
        @let why = ended(problem);
        <ct-state kind="refused" [heading]="why.heading">
          {{ why.text }}
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

  protected ended({ code }: ApiProblem): { readonly heading: string; readonly text: string } {
    return ENDED[code] ?? NOT_ANY_MORE;
  }

  protected async join({ room }: InvitationPreview): Promise<void> {
    this.isJoining.set(true);
    this.refusal.set(null);
    try {
      const request: JoinRoomRequest = { invitation: this.token() };
      await firstValueFrom(this.http.post(`/api/rooms/${room.id}/join`, request));
      this.myRooms.reload();
      await this.router.navigate(['/rooms', room.id], { replaceUrl: true });
    } catch (thrown) {
      const problem = toApiProblem(thrown);
      if (problem.code === 'room_full') {
        this.answer.reload();
      } else {
        this.refusal.set(problem);
      }
    } finally {
      this.isJoining.set(false);
    }
  }
}
