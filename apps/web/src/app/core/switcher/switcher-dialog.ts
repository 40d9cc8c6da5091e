import { DialogRef } from '@angular/cdk/dialog';
import { httpResource } from '@angular/common/http';
import { Component, ElementRef, computed, effect, inject, linkedSignal, signal, viewChildren } from '@angular/core';
import { Router } from '@angular/router';
import type { Room } from '@clawtank/contracts';
import { LucideArrowRight, LucideSearch, LucideWaves } from '../../shared/icon/icons';
import { Avatar } from '../../shared/avatar/avatar';
import { Keys } from '../../shared/keys';
import { Badges } from '../attention/badges';
import { UnreadCount } from '../frame/unread-count';
import { MyRooms } from '../my-rooms';
import { Session } from '../session/session';
import { type Destination, offer } from './destinations';
import { RecentPlaces } from './recent-places';

const action = (name: string, note: string, address: string): Destination => ({
  kind: 'action',
  name,
  note,
  address,
  unread: 0,
  calls: 0,
});

/** Type a few letters, press Enter: the way to a room, a person or an action without the mouse. */
@Component({
  selector: 'ct-switcher-dialog',
  imports: [Avatar, Keys, LucideArrowRight, LucideSearch, LucideWaves, UnreadCount],
  templateUrl: './switcher-dialog.html',
  styleUrl: './switcher-dialog.css',
})
export class SwitcherDialog {
  private readonly badges = inject(Badges);
  private readonly dialog = inject(DialogRef);
  private readonly myRooms = inject(MyRooms);
  private readonly router = inject(Router);
  private readonly session = inject(Session);
  private readonly recent = inject(RecentPlaces).list();
  private readonly here = this.router.url.split(/[?#]/, 1)[0] ?? '';
  private readonly roomHere = /^\/rooms\/([0-9a-f-]{36})/.exec(this.here)?.[1];
  private readonly options = viewChildren<ElementRef<HTMLElement>>('option');
  /** Who sits in the room that the reader is in. */
  private readonly room = httpResource<Room>(() => (this.roomHere ? `/api/rooms/${this.roomHere}` : undefined));

  protected readonly typed = signal('');
  protected readonly offered = computed(() => {
    const typed = this.typed().trim();
    const found = offer(typed, this.destinations(), this.recent, this.here);
    return typed === '' ? found : [...found, this.searchFor(typed)];
  });
  protected readonly active = linkedSignal({ source: this.typed, computation: () => 0 });

  private readonly destinations = computed<Destination[]>(() => [
    ...this.myRooms.rooms().map(({ id, name, description }): Destination => {
      const badge = this.badges.of(id);
      const isLoud = badge !== null && badge.level !== 'none';
      return {
        kind: 'room',
        name,
        note: description,
        address: `/rooms/${id}`,
        unread: isLoud ? badge.unread : 0,
        calls: isLoud ? badge.mentions : 0,
      };
    }),
    ...this.people(),
    ...this.actions(),
  ]);

  constructor() {
    effect(() => this.options()[this.active()]?.nativeElement.scrollIntoView?.({ block: 'nearest' }));
  }

  protected keyPressed(event: KeyboardEvent): void {
    const count = this.offered().length;
    if (event.isComposing || count === 0) {
      return;
    }
    switch (event.key) {
      case 'ArrowDown':
        this.active.update((index) => (index + 1) % count);
        break;
      case 'ArrowUp':
        this.active.update((index) => (index + count - 1) % count);
        break;
      case 'Enter':
        this.go(this.offered()[this.active()]);
        break;
      default:
        return;
    }
    event.preventDefault();
  }

  protected go(destination: Destination | undefined): void {
    if (destination) {
      this.dialog.close();
      void this.router.navigateByUrl(destination.address);
    }
  }

  private searchFor(typed: string): Destination {
    return action(`Search messages for “${typed}”`, '', `/search?q=${encodeURIComponent(typed)}`);
  }

  private people(): Destination[] {
    const names = new Map(this.myRooms.rooms().map(({ id, name }) => [id, name]));
    const talks = this.badges.direct().map(({ roomId, member, unread }): Destination => ({
      kind: member.type === 'agent' ? 'agent' : 'person',
      name: member.name,
      note: `in ${names.get(roomId) ?? 'a room'}`,
      address: `/rooms/${roomId}/direct/${member.id}`,
      unread,
      calls: unread,
    }));
    const known = new Set(talks.map(({ address }) => address));
    const room = this.room.hasValue() ? this.room.value() : null;
    const others = (room?.members ?? [])
      .filter(({ id }) => id !== this.session.account()?.id)
      .map(({ id, name, type }): Destination => ({
        kind: type === 'agent' ? 'agent' : 'person',
        name,
        note: `in ${room?.name}`,
        address: `/rooms/${room?.id}/direct/${id}`,
        unread: 0,
        calls: 0,
      }));
    return [...talks, ...others.filter(({ address }) => !known.has(address))];
  }

  private actions(): Destination[] {
    return [
      action('New room', 'Make a room of your own', '/rooms/new'),
      action('Inbox', 'Notifications, invitations, direct messages', '/notifications'),
      action('Search messages', 'In every room you are in', '/search'),
      action('Lobby', 'What is alive now', '/'),
      action('Agents', 'Yours, and how to bring one', '/agents'),
      action('Settings', 'Appearance, notifications, account', '/settings'),
      action('Your profile', 'What others see of you', `/users/${this.session.account()?.id ?? ''}`),
    ];
  }
}
