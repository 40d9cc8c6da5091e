import { CdkMenu, CdkMenuGroup, CdkMenuItem, CdkMenuItemRadio, CdkMenuTrigger } from '@angular/cdk/menu';
import { Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import {
  LucideBan,
  LucideBot,
  LucideCheck,
  LucideCrown,
  LucideEllipsis,
  LucideEye,
  LucideHourglass,
  LucideLogOut,
  LucideMessageCircle,
  LucideMic,
  LucideMicOff,
  LucidePause,
  LucidePlay,
  LucideUserRound,
} from '../../shared/icon/icons';
import { Button } from '../../shared/button';
import { Now } from '../../shared/now';
import { RoomStore } from '../state/room-store';
import type { Seat } from '../state/seats';
import { MemberDeeds } from './member-deeds';
import { standsAbove } from './standing';
import { queryOf } from './work-place';

const ROLES = [
  { role: 'moderator', words: 'Moderator' },
  { role: 'member', words: 'Member' },
  { role: 'guest', words: 'Guest, reads along' },
] as const;
const MUTES = [
  { minutes: 10, words: 'Mute for 10 minutes' },
  { minutes: 60, words: 'Mute for an hour' },
  { minutes: 24 * 60, words: 'Mute for a day' },
] as const;

/** What the reader can do about one member: talk to them, and what their own standing in the room allows. */
@Component({
  selector: 'ct-member-menu',
  imports: [
    Button,
    CdkMenu,
    CdkMenuGroup,
    CdkMenuItem,
    CdkMenuItemRadio,
    CdkMenuTrigger,
    LucideBan,
    LucideBot,
    LucideCheck,
    LucideCrown,
    LucideEllipsis,
    LucideEye,
    LucideHourglass,
    LucideLogOut,
    LucideMessageCircle,
    LucideMic,
    LucideMicOff,
    LucidePause,
    LucidePlay,
    LucideUserRound,
    RouterLink,
  ],
  template: `
    <button
      type="button"
      ctButton="quiet"
      size="small"
      icon
      [pending]="deeds.busyWith() === seat().id"
      [attr.aria-label]="'More about ' + seat().name"
      [title]="'More about ' + seat().name"
      [cdkMenuTriggerFor]="menu"
    >
      <svg lucideEllipsis [size]="16"></svg>
    </button>
    <ng-template #menu>
      <div class="menu" cdkMenu>
        @if (mayWrite()) {
          <a class="item" cdkMenuItem [routerLink]="['/rooms', store.roomId(), 'direct', seat().id]"
            ><svg lucideMessageCircle></svg>Message {{ seat().name }}</a
          >
        }
        @if (seat().type === 'agent') {
          <a class="item" cdkMenuItem [routerLink]="[]" [queryParams]="watch()" queryParamsHandling="merge"
            ><svg lucideEye></svg>Watch it work</a
          >
          <button type="button" class="item" cdkMenuItem (cdkMenuItemTriggered)="deeds.showLimits(seat())">
            <svg lucideHourglass></svg>Limits…
          </button>
          @if (seat().userId === store.readerId()) {
            <a class="item" cdkMenuItem [routerLink]="['/agents', seat().id]"><svg lucideBot></svg>Look after it</a>
          }
        }
        @if (seat().type === 'human') {
          <a class="item" cdkMenuItem [routerLink]="['/users', seat().id]"><svg lucideUserRound></svg>Profile</a>
        }
        @if (mayGiveRole()) {
          <hr />
          <div cdkMenuGroup aria-label="Role">
            @for (one of roles; track one.role) {
              <button
                type="button"
                class="item"
                cdkMenuItemRadio
                [cdkMenuItemChecked]="seat().role === one.role"
                (cdkMenuItemTriggered)="deeds.give(seat(), one.role)"
              >
                <span class="mark">
                  @if (seat().role === one.role) {
                    <svg lucideCheck></svg>
                  }
                </span>
                {{ one.words }}
              </button>
            }
          </div>
        }
        @if (mayMute()) {
          <hr />
          @if (isMuted()) {
            <button type="button" class="item" cdkMenuItem (cdkMenuItemTriggered)="deeds.unmute(seat())">
              <svg lucideMic></svg>Let them speak again
            </button>
          } @else {
            @for (one of mutes; track one.minutes) {
              <button type="button" class="item" cdkMenuItem (cdkMenuItemTriggered)="deeds.mute(seat(), one.minutes)">
                <svg lucideMicOff></svg>{{ one.words }}
              </button>
            }
          }
        }
        @if (mayPause()) {
          <hr />
          @if (seat().pausedAt) {
            <button type="button" class="item" cdkMenuItem (cdkMenuItemTriggered)="deeds.resume(seat())">
              <svg lucidePlay></svg>Let it go on
            </button>
          } @else {
            <button type="button" class="item" cdkMenuItem (cdkMenuItemTriggered)="deeds.pause(seat())">
              <svg lucidePause></svg>Have it rest
            </button>
          }
        }
        @if (mayHandOver() || mayTakeOut() || mayBan()) {
          <hr />
        }
        @if (mayHandOver()) {
          <button type="button" class="item" cdkMenuItem (cdkMenuItemTriggered)="deeds.handOverTo(seat())">
            <svg lucideCrown></svg>Hand the room over…
          </button>
        }
        @if (mayTakeOut()) {
          <button type="button" class="item danger" cdkMenuItem (cdkMenuItemTriggered)="deeds.takeOut(seat())">
            <svg lucideLogOut></svg>{{ seat().type === 'agent' ? 'Take out' : 'Remove' }} {{ seat().name }}
          </button>
        }
        @if (mayBan()) {
          <button type="button" class="item danger" cdkMenuItem (cdkMenuItemTriggered)="deeds.ban(seat())">
            <svg lucideBan></svg>Ban {{ seat().name }}…
          </button>
        }
      </div>
    </ng-template>
  `,
  styleUrl: '../../shared/menu.css',
  styles: `
    .mark {
      display: grid;
      width: 1.25rem;
    }
  `,
})
export class MemberMenu {
  private readonly now = inject(Now).value;
  protected readonly deeds = inject(MemberDeeds);
  protected readonly store = inject(RoomStore);

  readonly seat = input.required<Seat>();

  protected readonly roles = ROLES;
  protected readonly mutes = MUTES;
  protected readonly watch = computed(() => queryOf({ work: 'members', agent: this.seat().id }));
  private readonly isReader = computed(() => this.seat().id === this.store.readerId());
  private readonly isPerson = computed(() => this.seat().type === 'human');
  private readonly isBelow = computed(() => standsAbove(this.store.ownSeat(), this.seat()));

  protected readonly mayWrite = computed(() => !this.isReader() && this.store.can('direct_message'));
  protected readonly mayGiveRole = computed(() => this.isPerson() && this.isBelow() && this.store.can('assign_role'));
  protected readonly mayMute = computed(() => this.isBelow() && this.store.can('mute_member'));
  protected readonly isMuted = computed(() => Date.parse(this.seat().mutedUntil ?? '') > this.now());
  protected readonly mayHandOver = computed(
    () => this.isPerson() && !this.isReader() && this.store.can('transfer_room'),
  );
  private readonly isOwner = computed(() => !this.isPerson() && this.seat().userId === this.store.readerId());
  protected readonly mayPause = computed(() => !this.isPerson() && (this.isOwner() || this.store.can('mute_member')));
  protected readonly mayTakeOut = computed(() =>
    this.isPerson()
      ? this.isBelow() && this.store.can('remove_member')
      : this.isOwner() || this.store.can('remove_member'),
  );
  protected readonly mayBan = computed(() => this.isPerson() && this.isBelow() && this.store.can('ban_member'));
}
