import { Component, computed, inject } from '@angular/core';
import { RouterLink, RouterLinkActive } from '@angular/router';
import { LucideBot, LucideCompass, LucidePlus, LucideSearch } from '../../shared/icon/icons';
import { Bell } from '../../notifications/bell';
import { Avatar } from '../../shared/avatar/avatar';
import { Button } from '../../shared/button';
import { Keys } from '../../shared/keys';
import { Mark } from '../../shared/mark/mark';
import { Skeleton } from '../../shared/skeleton';
import { SHORTCUTS } from '../../shortcuts/shortcut-table';
import { Badges } from '../attention/badges';
import { MyRooms } from '../my-rooms';
import { Session } from '../session/session';
import { Switcher } from '../switcher/switcher';
import { AccountMenu } from './account-menu';
import { RailRoom } from './rail-room';
import { UnreadCount } from './unread-count';

/** The way round ClawTank on anything wider than a phone; narrow, it shows icons only. */
@Component({
  selector: 'ct-rail',
  imports: [
    AccountMenu,
    Avatar,
    Bell,
    Button,
    Keys,
    LucideBot,
    LucideCompass,
    LucidePlus,
    LucideSearch,
    Mark,
    RailRoom,
    RouterLink,
    RouterLinkActive,
    Skeleton,
    UnreadCount,
  ],
  templateUrl: './rail.html',
  styleUrls: ['./rail.css', './rail-entry.css'],
})
export class Rail {
  private readonly badges = inject(Badges);
  protected readonly session = inject(Session);
  protected readonly switcher = inject(Switcher);
  protected readonly keys = { jump: SHORTCUTS.jump.keys[0] };
  protected readonly myRooms = inject(MyRooms);
  /** The lobby is the lobby, whatever is looked for in it. */
  protected readonly anySearch = {
    paths: 'exact',
    queryParams: 'ignored',
    matrixParams: 'ignored',
    fragment: 'ignored',
  } as const;
  protected readonly isMember = computed(() => this.session.account() !== null);
  protected readonly conversations = computed(() => {
    const names = new Map(this.myRooms.rooms().map(({ id, name }) => [id, name]));
    return this.badges.direct().map((badge) => ({ ...badge, roomName: names.get(badge.roomId) ?? '' }));
  });
}
