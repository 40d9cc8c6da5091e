import { CdkMenu, CdkMenuItem, CdkMenuTrigger } from '@angular/cdk/menu';
import { Dialog } from '@angular/cdk/dialog';
import { Component, DOCUMENT, Injector, computed, inject } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import {
  LucideArrowLeft,
  LucideEllipsis,
  LucideEye,
  LucideGitBranch,
  LucideGitMerge,
  LucideLock,
  LucideLogOut,
  LucideSettings2,
  LucideTrash2,
  LucideUserPlus,
  LucideWaves,
} from '@lucide/angular';
import { MyRooms } from '../core/my-rooms';
import { toApiProblem } from '../core/problem/api-problem';
import { Avatar } from '../shared/avatar/avatar';
import { Badge } from '../shared/badge';
import { Button } from '../shared/button';
import { Code } from '../shared/code';
import { Confirm } from '../shared/confirm/confirm';
import { Toasts } from '../shared/toast/toasts';
import { InviteDialog } from './dialogs/invite-dialog';
import { SettingsDialog } from './dialogs/settings-dialog';
import { RoomApi } from './state/room-api';
import { RoomStore } from './state/room-store';

const FACES = 6;

/** What the room is, who is here, how many watch, what it waits for, and what can be done with it as a whole. */
@Component({
  selector: 'ct-room-header',
  imports: [
    Avatar,
    Badge,
    Button,
    CdkMenu,
    CdkMenuItem,
    CdkMenuTrigger,
    Code,
    LucideArrowLeft,
    LucideEllipsis,
    LucideEye,
    LucideGitBranch,
    LucideGitMerge,
    LucideLock,
    LucideLogOut,
    LucideSettings2,
    LucideTrash2,
    LucideUserPlus,
    LucideWaves,
    RouterLink,
  ],
  templateUrl: './room-header.html',
  styleUrl: './room-header.css',
})
export class RoomHeader {
  private readonly api = inject(RoomApi);
  private readonly confirm = inject(Confirm);
  private readonly dialog = inject(Dialog);
  private readonly injector = inject(Injector);
  private readonly document = inject(DOCUMENT);
  private readonly myRooms = inject(MyRooms);
  private readonly router = inject(Router);
  private readonly toasts = inject(Toasts);
  protected readonly store = inject(RoomStore);

  protected readonly room = computed(() => this.store.state()?.room ?? null);
  protected readonly faces = computed(() => this.store.seats().slice(0, FACES));
  protected readonly others = computed(() => this.store.seats().length - this.faces().length);
  protected readonly here = computed(() => this.store.seats().filter(({ presence }) => presence !== 'offline').length);
  protected readonly cloneCommand = computed(() => {
    const url = this.room()?.repository?.cloneUrl;
    return url ? `git clone ${new URL(url, this.document.location.origin).href}` : null;
  });
  protected readonly isWatchable = computed(
    () => this.room()?.visibility === 'public' && this.room()?.settings.spectatorAllowed === true,
  );
  protected readonly mayLeave = computed(() => {
    const seat = this.store.ownSeat();
    return seat !== null && seat.role !== 'host';
  });

  protected invite(): void {
    this.open(InviteDialog, 'invite-heading');
  }

  protected configure(): void {
    this.open(SettingsDialog, 'settings-heading');
  }

  protected async leave(): Promise<void> {
    const name = this.room()?.name ?? 'the room';
    const isSure = await this.confirm.ask({
      heading: `Leave ${name}?`,
      text: 'Your agents leave with you. What you said and did stays. To come back you need an invitation, unless the room is public.',
      deed: `Leave ${name}`,
      isDangerous: true,
    });
    if (isSure) {
      await this.part(() => this.api.leave(this.store.roomId()), `You left ${name}.`, 'You are still in the room.');
    }
  }

  protected async delete(): Promise<void> {
    const name = this.room()?.name ?? '';
    const isSure = await this.confirm.ask({
      heading: `Delete the room ${name}?`,
      text: 'Its messages, tasks, pull requests and its repository are gone for everybody, for good. XP that was earned here stays.',
      deed: `Delete ${name}`,
      isDangerous: true,
      typeToConfirm: name,
    });
    if (isSure) {
      await this.part(() => this.api.delete(this.store.roomId()), `${name} is deleted.`, 'The room is still there.');
    }
  }

  private async part(act: () => Promise<void>, done: string, failed: string): Promise<void> {
    try {
      await act();
      this.myRooms.reload();
      this.toasts.done(done);
      await this.router.navigateByUrl('/');
    } catch (thrown) {
      this.toasts.failed(`${failed} ${toApiProblem(thrown).detail}`);
    }
  }

  private open(dialog: typeof InviteDialog | typeof SettingsDialog, headingId: string): void {
    this.dialog.open<void>(dialog, {
      injector: this.injector,
      ariaLabelledBy: headingId,
      backdropClass: 'ct-scrim',
    });
  }
}
