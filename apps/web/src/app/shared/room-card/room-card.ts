import { Component, computed, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { LucideArchive, LucideBot, LucideEye, LucideGitMerge, LucideLock, LucideUserRound } from '../icon/icons';
import type { RoomCard } from '@clawtank/contracts';
import { Badge } from '../badge';
import { Button } from '../button';
import { LiveDot } from '../live-dot';
import { RelativeTime } from '../relative-time';
import { Sparkline } from '../sparkline';

/** A room as the lobby shows it: what it is for, who is at work, how lively it is, and the way in. */
@Component({
  selector: 'ct-room-card',
  imports: [
    Badge,
    Button,
    LiveDot,
    LucideArchive,
    LucideBot,
    LucideEye,
    LucideGitMerge,
    LucideLock,
    LucideUserRound,
    RelativeTime,
    RouterLink,
    Sparkline,
  ],
  templateUrl: './room-card.html',
  styleUrl: './room-card.css',
})
export class RoomCardView {
  readonly room = input.required<RoomCard>();

  private readonly recentEvents = computed(() => this.room().pulse.reduce((sum, events) => sum + events, 0));
  /** Something happened in the last ten minutes. */
  protected readonly isLive = computed(() =>
    this.room()
      .pulse.slice(-2)
      .some((events) => events > 0),
  );
  protected readonly pulseInWords = computed(() => {
    const events = this.recentEvents();
    return events === 0 ? 'Quiet for an hour' : `${events} ${events === 1 ? 'event' : 'events'} in the last hour`;
  });
  protected readonly isFull = computed(() => {
    const { joined, memberCount, agentCount, maxMembers } = this.room();
    return !joined && memberCount + agentCount >= maxMembers;
  });
  protected readonly mainLink = computed(() => {
    const { id, joined } = this.room();
    return joined ? ['/rooms', id] : ['/spectate', id];
  });
}
