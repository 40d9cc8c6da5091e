import { Component, computed, inject, input } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { NavigationEnd, Router, RouterLink } from '@angular/router';
import type { RoomCard } from '@clawtank/contracts';
import { LucideBellOff, LucideLock, LucideWaves } from '../../shared/icon/icons';
import { filter, map } from 'rxjs';
import { Badges } from '../attention/badges';
import { UnreadCount } from './unread-count';

/** One of the reader's rooms in the rail: what it is called, whether it is muted, and what is unread there. */
@Component({
  selector: 'ct-rail-room',
  imports: [LucideBellOff, LucideLock, LucideWaves, RouterLink, UnreadCount],
  template: `
    <a
      class="entry"
      [class.unread]="!isMuted() && unread() > 0"
      [class.muted]="isMuted()"
      [routerLink]="['/rooms', room().id]"
      [class.here]="isHere()"
      [attr.aria-current]="isHere() ? 'page' : null"
      [title]="room().name"
    >
      @if (room().visibility === 'private') {
        <svg class="kind" lucideLock [size]="16"></svg>
      } @else {
        <svg class="kind" lucideWaves [size]="16"></svg>
      }
      <span class="tile" aria-hidden="true">{{ initials() }}</span>
      <span class="label">{{ room().name }}</span>
      @if (room().visibility === 'private') {
        <span class="visually-hidden">, private</span>
      }
      @if (isMuted()) {
        <svg class="silent" lucideBellOff [size]="14"></svg>
        <span class="visually-hidden">, muted</span>
      } @else {
        <ct-unread-count [unread]="unread()" [calls]="badge()?.mentions ?? 0" />
      }
    </a>
  `,
  styleUrls: ['./rail-entry.css'],
})
export class RailRoom {
  private readonly badges = inject(Badges);
  private readonly router = inject(Router);

  readonly room = input.required<RoomCard>();

  private readonly address = toSignal(
    this.router.events.pipe(
      filter((event) => event instanceof NavigationEnd),
      map(({ urlAfterRedirects }) => urlAfterRedirects),
    ),
    { initialValue: this.router.url },
  );
  /** In the room itself or at its board; who writes to one member is elsewhere. */
  protected readonly isHere = computed(() => {
    const path = this.address().split(/[?#]/, 1)[0];
    return path === `/rooms/${this.room().id}` || path === `/rooms/${this.room().id}/board`;
  });
  protected readonly badge = computed(() => this.badges.of(this.room().id));
  protected readonly unread = computed(() => this.badge()?.unread ?? 0);
  protected readonly isMuted = computed(() => this.badge()?.level === 'none');
  protected readonly initials = computed(() => initialsOf(this.room().name));
}

/** "Harbour lights" → "HL". */
function initialsOf(name: string): string {
  const words = name.match(/[\p{L}\p{N}]+/gu) ?? ['?'];
  const letters = words.length > 1 ? words.slice(0, 2).map(([first]) => first) : [...(words[0] ?? '')].slice(0, 2);
  return letters.join('').toUpperCase();
}
