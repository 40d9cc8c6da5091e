import { CdkMenu, CdkMenuGroup, CdkMenuItem, CdkMenuItemRadio, CdkMenuTrigger } from '@angular/cdk/menu';
import { Dialog } from '@angular/cdk/dialog';
import { Component, DOCUMENT, Injector, computed, inject } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import {
  LucideArrowLeft,
  LucideBell,
  LucideBellOff,
  LucideBellRing,
  LucideCheck,
  LucideEllipsis,
  LucideEye,
  LucideGitBranch,
  LucideGitMerge,
  LucideHand,
  LucideListTodo,
  LucideLock,
  LucideLogOut,
  LucideMessagesSquare,
  LucidePin,
  LucideSearch,
  LucideSettings,
  LucideUserPlus,
  LucideWaves,
} from '../shared/icon/icons';
import { MyRooms } from '../core/my-rooms';
import { toApiProblem } from '../core/problem/api-problem';
import { RoomLevels } from '../notifications/room-levels';
import { SearchDoor } from '../search/search-door';
import { Avatar } from '../shared/avatar/avatar';
import { Badge } from '../shared/badge';
import { Button } from '../shared/button';
import { Code } from '../shared/code';
import { Confirm } from '../shared/confirm/confirm';
import { Toasts } from '../shared/toast/toasts';
import { Approvals } from './approvals/approvals';
import { InviteDialog } from './dialogs/invite-dialog';
import { RoomApi } from './state/room-api';
import { RoomStore } from './state/room-store';
import { Drawers } from './talk/drawers';
import { queryOf } from './work/work-place';

const FACES = 6;
const MOST_ABOUT = 4;

/** What the room is, who is here, how many watch, what it waits for, and what can be done with it as a whole. */
@Component({
  selector: 'ct-room-header',
  imports: [
    Avatar,
    Badge,
    Button,
    CdkMenu,
    CdkMenuGroup,
    CdkMenuItem,
    CdkMenuItemRadio,
    CdkMenuTrigger,
    Code,
    LucideArrowLeft,
    LucideBell,
    LucideBellOff,
    LucideBellRing,
    LucideCheck,
    LucideEllipsis,
    LucideEye,
    LucideGitBranch,
    LucideGitMerge,
    LucideHand,
    LucideListTodo,
    LucideLock,
    LucideLogOut,
    LucideMessagesSquare,
    LucidePin,
    LucideSearch,
    LucideSettings,
    LucideUserPlus,
    LucideWaves,
    RouterLink,
  ],
  templateUrl: './room-header.html',
  styleUrls: ['../shared/menu.css', './room-header.css'],
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
  protected readonly approvals = inject(Approvals);
  protected readonly drawers = inject(Drawers);
  protected readonly levels = inject(RoomLevels);
  protected readonly searching = inject(SearchDoor);
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
  /** Whether the spectators' chat is the reader's to see. */
  protected readonly showsSpectators = computed(() => {
    const mode = this.room()?.settings.spectatorChat ?? 'off';
    return this.isWatchable() && mode !== 'off' && (mode !== 'isolated' || this.store.can('delete_any_message'));
  });
  protected readonly mayLeave = computed(() => {
    const seat = this.store.ownSeat();
    return seat !== null && seat.role !== 'host';
  });

  /** The language and the first topics; each leads to the rooms about the same. */
  protected readonly about = computed(() => {
    const room = this.room();
    return room ? [...(room.language ? [room.language] : []), ...room.topics].slice(0, MOST_ABOUT) : [];
  });
  protected readonly to = { members: queryOf({ work: 'members' }), settings: queryOf({ settings: 'general' }) };

  protected pullQuery(pull: number): ReturnType<typeof queryOf> {
    return queryOf({ work: 'pulls', pull });
  }

  protected taskQuery(task: number): ReturnType<typeof queryOf> {
    return queryOf({ work: 'tasks', task });
  }

  protected invite(): void {
    this.dialog.open(InviteDialog, {
      injector: this.injector,
      ariaLabelledBy: 'invite-heading',
      backdropClass: 'ct-scrim',
    });
  }

  protected async leave(): Promise<void> {
    const name = this.room()?.name ?? 'the room';
    const isSure = await this.confirm.ask({
      heading: `Leave ${name}?`,
      text: 'Your agents leave with you. What you said and did stays. To come back you need an invitation, unless the room is public.',
      deed: `Leave ${name}`,
      isDangerous: true,
    });
    if (!isSure) {
      return;
    }
    try {
      await this.api.leave(this.store.roomId());
      this.myRooms.reload();
      this.toasts.done(`You left ${name}.`);
      await this.router.navigateByUrl('/');
    } catch (thrown) {
      this.toasts.failed(`You are still in the room. ${toApiProblem(thrown).detail}`);
    }
  }
}
