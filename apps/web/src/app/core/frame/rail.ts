import { Component, computed, inject } from '@angular/core';
import { RouterLink, RouterLinkActive } from '@angular/router';
import { LucideBot, LucideCompass, LucideLock, LucidePlus, LucideWaves } from '@lucide/angular';
import { Button } from '../../shared/button';
import { Mark } from '../../shared/mark/mark';
import { Skeleton } from '../../shared/skeleton';
import { MyRooms } from '../my-rooms';
import { Session } from '../session/session';
import { AccountMenu } from './account-menu';

/** The way round ClawTank on anything wider than a phone; narrow, it shows icons only. */
@Component({
  selector: 'ct-rail',
  imports: [
    AccountMenu,
    Button,
    LucideBot,
    LucideCompass,
    LucideLock,
    LucidePlus,
    LucideWaves,
    Mark,
    RouterLink,
    RouterLinkActive,
    Skeleton,
  ],
  templateUrl: './rail.html',
  styleUrl: './rail.css',
})
export class Rail {
  protected readonly session = inject(Session);
  protected readonly myRooms = inject(MyRooms);
  protected readonly isMember = computed(() => this.session.account() !== null);
}
