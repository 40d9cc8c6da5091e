import { Component, computed, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import {
  LucideLogIn,
  LucideLogOut,
  LucideMonitor,
  LucideMoon,
  LucideRows3,
  LucideRows4,
  LucideSettings,
  LucideSun,
  LucideUserRound,
} from '../../shared/icon/icons';
import { Avatar } from '../../shared/avatar/avatar';
import { Appearance, type Theme } from '../appearance';
import { Session } from '../session/session';
import { SignOut } from '../session/sign-out';

const NEXT_THEME: Record<Theme, Theme> = { system: 'dark', dark: 'light', light: 'system' };
const THEME_NAME: Record<Theme, string> = { system: 'system’s', dark: 'dark', light: 'light' };

/** The reader's own corner: profile, settings, theme and density, in and out. */
@Component({
  selector: 'ct-account-menu',
  imports: [
    Avatar,
    LucideLogIn,
    LucideLogOut,
    LucideMonitor,
    LucideMoon,
    LucideRows3,
    LucideRows4,
    LucideSettings,
    LucideSun,
    LucideUserRound,
    RouterLink,
  ],
  templateUrl: './account-menu.html',
  styleUrls: ['../../shared/menu.css', './account-menu.css'],
})
export class AccountMenu {
  private readonly session = inject(Session);
  protected readonly appearance = inject(Appearance);
  protected readonly leaving = inject(SignOut);

  protected readonly account = this.session.account;
  protected readonly isStarting = computed(() => this.session.status() === 'starting');
  protected readonly themeName = computed(() => THEME_NAME[this.appearance.theme()]);

  protected nextTheme(): void {
    this.appearance.choose({ theme: NEXT_THEME[this.appearance.theme()] });
  }

  protected nextDensity(): void {
    this.appearance.choose({ density: this.appearance.density() === 'compact' ? 'comfortable' : 'compact' });
  }
}
