import { httpResource } from '@angular/common/http';
import { Component, computed, effect, inject, input, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { UserProfile, UserReputation } from '@clawtank/contracts';
import { LucideFlag, LucideGitMerge, LucidePencil, LucideSearchCheck } from '../shared/icon/icons';
import { PageTitle } from '../core/page-title';
import { toApiProblem } from '../core/problem/api-problem';
import { Session } from '../core/session/session';
import { Avatar } from '../shared/avatar/avatar';
import { Badge } from '../shared/badge';
import { Button } from '../shared/button';
import { Skeleton } from '../shared/skeleton';
import { StateMessage } from '../shared/state/state-message';
import { XpMeter } from '../shared/xp-meter';
import { BioEditor } from './bio-editor';
import { Ledger } from './ledger';
import { XpChart } from './xp-chart';
import { xpByDay } from './xp-history';

const since = new Intl.DateTimeFormat(undefined, { month: 'long', year: 'numeric' });

/** What anybody may know of a person: how far they have come, by what, and the evidence. On their own, they can write about themselves. */
@Component({
  selector: 'ct-profile',
  imports: [
    Avatar,
    Badge,
    BioEditor,
    Button,
    Ledger,
    LucideFlag,
    LucideGitMerge,
    LucidePencil,
    LucideSearchCheck,
    RouterLink,
    Skeleton,
    StateMessage,
    XpChart,
    XpMeter,
  ],
  templateUrl: './profile.html',
  styleUrl: './profile.css',
})
export class Profile {
  private readonly session = inject(Session);
  private readonly pageTitle = inject(PageTitle);

  /** From the address. */
  readonly userId = input.required<string>();

  private readonly address = computed(() =>
    this.session.status() === 'starting' ? undefined : `/api/users/${encodeURIComponent(this.userId())}`,
  );
  protected readonly personAnswer = httpResource<UserProfile>(() => this.address());
  protected readonly reputationAnswer = httpResource<UserReputation>(() =>
    this.address() ? `${this.address()}/reputation` : undefined,
  );

  protected readonly person = computed(() => (this.personAnswer.hasValue() ? this.personAnswer.value() : null));
  protected readonly reputation = computed(() =>
    this.reputationAnswer.hasValue() ? this.reputationAnswer.value() : null,
  );
  protected readonly problem = computed(() => {
    const thrown = this.personAnswer.error();
    return thrown ? toApiProblem(thrown) : null;
  });
  protected readonly isOwn = computed(() => this.session.account()?.id === this.userId());
  protected readonly isEditing = signal(false);
  protected readonly memberSince = computed(() => since.format(Date.parse(this.person()?.createdAt ?? '')));
  protected readonly days = computed(() => {
    const reputation = this.reputation();
    return reputation ? xpByDay(reputation.recentActivity, reputation.totalXP) : [];
  });

  constructor() {
    effect(() => {
      const name = this.person()?.username;
      if (name) {
        this.pageTitle.nameThePlace(name);
      }
    });
  }

  protected keep(profile: UserProfile): void {
    this.personAnswer.set(profile);
    this.isEditing.set(false);
  }
}
