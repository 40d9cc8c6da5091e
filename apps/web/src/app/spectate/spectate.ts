import { NgTemplateOutlet } from '@angular/common';
import { Component, computed, effect, inject, input, signal, untracked, viewChild } from '@angular/core';
import { RouterLink } from '@angular/router';
import {
  LucideArrowLeft,
  LucideEye,
  LucideExternalLink,
  LucideInfo,
  LucideMessagesSquare,
  LucideRadio,
  LucideWifiOff,
} from '../shared/icon/icons';
import { Connection } from '../core/connection/connection';
import { PageTitle } from '../core/page-title';
import { Session } from '../core/session/session';
import { Badge } from '../shared/badge';
import { Button } from '../shared/button';
import { LiveDot } from '../shared/live-dot';
import { Mark } from '../shared/mark/mark';
import { Now } from '../shared/now';
import { StateMessage } from '../shared/state/state-message';
import { Backstage } from './backstage';
import { SpectatorChatView } from './chat/spectator-chat';
import { SpectatorChatStore } from './chat/spectator-chat-store';
import { Feed } from './feed/feed';
import { JoinRoom } from './join-room';
import { RoomDoor } from './room-door';
import { ShareRoom } from './share-room';
import { agentsOnStage } from './stage/agents-on-stage';
import { alsoOpen, headlineOf } from './stage/headline';
import { marksOf } from './stage/marks';
import { Stage } from './stage/stage';
import { Timeline } from './stage/timeline';
import { worksOf } from './stage/work';
import { SpectatorStore } from './stream/spectator-store';

/** A public room as anybody may watch it: a stage for what is being built right now, and the stream of what happens. */
@Component({
  selector: 'ct-spectate',
  host: { '[class.embedded]': 'isEmbedded()' },
  imports: [
    Backstage,
    Badge,
    Button,
    Feed,
    JoinRoom,
    LiveDot,
    LucideArrowLeft,
    LucideExternalLink,
    LucideEye,
    LucideInfo,
    LucideMessagesSquare,
    LucideRadio,
    LucideWifiOff,
    Mark,
    NgTemplateOutlet,
    RouterLink,
    ShareRoom,
    SpectatorChatView,
    Stage,
    StateMessage,
    Timeline,
  ],
  providers: [RoomDoor, SpectatorChatStore, SpectatorStore],
  templateUrl: './spectate.html',
  styleUrl: './spectate.css',
})
export class Spectate {
  private readonly pageTitle = inject(PageTitle);
  private readonly connection = inject(Connection);
  private readonly now = inject(Now).value;
  private readonly feed = viewChild(Feed);
  protected readonly store = inject(SpectatorStore);
  protected readonly session = inject(Session);

  /** From the address. */
  readonly roomId = input.required<string>();
  /** From the address: present where another site shows this page in a frame. */
  readonly embed = input<string>();

  protected readonly isEmbedded = computed(() => this.embed() !== undefined);
  /** On a narrow screen there is place for one of them. */
  protected readonly side = signal<'stream' | 'chat' | 'room'>('stream');

  private readonly events = computed(() => this.store.room()?.events ?? []);
  private readonly members = computed(() => this.store.room()?.members ?? []);
  private readonly works = computed(() => worksOf(this.store.room()?.tasks ?? [], this.events()));
  protected readonly headline = computed(() => headlineOf(this.works(), this.events(), this.now()));
  protected readonly agents = computed(() => agentsOnStage(this.members(), this.works(), this.events()));
  protected readonly people = computed(() => this.members().filter(({ type }) => type === 'human'));
  protected readonly alsoOpen = computed(() => alsoOpen(this.works(), this.headline()));
  protected readonly marks = computed(() => marksOf(this.events(), this.now()));

  constructor() {
    const door = inject(RoomDoor);
    effect(() => {
      const roomId = this.roomId();
      untracked(() => this.store.watch(roomId));
      door.approach(roomId);
    });
    effect(() => {
      const name = this.store.room()?.info.name;
      if (name) {
        this.pageTitle.nameThePlace(`${name}, live`);
      }
    });
    effect((onCleanup) => {
      const { state } = this.store.watching();
      const link = state === 'cut' && this.store.room() ? 'lost' : 'connected';
      this.connection.report('spectators', link, () => this.store.tryNow());
      onCleanup(() => this.connection.report('spectators', 'idle'));
    });
  }

  /** Takes the reader back to a moment of the stream. */
  protected goTo(eventId: string): void {
    this.side.set('stream');
    this.feed()?.show(eventId);
  }
}
