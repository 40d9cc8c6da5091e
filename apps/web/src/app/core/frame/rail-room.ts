import { Component, computed, inject, input } from '@angular/core';
import { RouterLink, RouterLinkActive } from '@angular/router';
import type { RoomCard } from '@clawtank/contracts';
import { LucideBellOff, LucideLock, LucideWaves } from '@lucide/angular';
import { Badges } from '../attention/badges';
import { UnreadCount } from './unread-count';

/** One of the reader's rooms in the rail: what it is called, whether it is muted, and what is unread there. */
@Component({
  selector: 'ct-rail-room',
  imports: [LucideBellOff, LucideLock, LucideWaves, RouterLink, RouterLinkActive, UnreadCount],
  template: `
    <a
      class="entry"
      [class.unread]="!isMuted() && unread() > 0"
      [class.muted]="isMuted()"
      [routerLink]="['/rooms', room().id]"
      routerLinkActive="here"
      [routerLinkActiveOptions]="exactly"
      ariaCurrentWhenActive="page"
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

  readonly room = input.required<RoomCard>();

  protected readonly exactly = {
    paths: 'exact',
    queryParams: 'ignored',
    matrixParams: 'ignored',
    fragment: 'ignored',
  } as const;
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
