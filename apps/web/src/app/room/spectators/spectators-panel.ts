import {
  Component,
  DestroyRef,
  ElementRef,
  afterNextRender,
  computed,
  effect,
  inject,
  signal,
  viewChild,
} from '@angular/core';
import { MAX_SPECTATOR_MESSAGE, type SpectatorMessageView } from '@clawtank/contracts';
import { LiveSocket } from '../../core/connection/live-socket';
import { newCommandId } from '../../core/connection/new-command-id';
import { toApiProblem } from '../../core/problem/api-problem';
import { Button } from '../../shared/button';
import { Confirm } from '../../shared/confirm/confirm';
import { LucideMegaphone, LucideMicOff, LucideTrash2, LucideX } from '../../shared/icon/icons';
import { RelativeTime } from '../../shared/relative-time';
import { Skeleton } from '../../shared/skeleton';
import { StateMessage } from '../../shared/state/state-message';
import { Toasts } from '../../shared/toast/toasts';
import { Jump } from '../state/jump';
import { RoomApi } from '../state/room-api';
import { RoomStore } from '../state/room-store';
import { Drawers } from '../talk/drawers';
import { merged } from './merged';

const MUTE_MINUTES = 60;

/** What spectators say beside the room: members read along, answer, and bring single messages into the room. */
@Component({
  selector: 'ct-spectators-panel',
  imports: [Button, LucideMegaphone, LucideMicOff, LucideTrash2, LucideX, RelativeTime, Skeleton, StateMessage],
  host: { role: 'complementary', 'aria-label': 'Chat of those who watch', '(keydown.escape)': 'close($event)' },
  templateUrl: './spectators-panel.html',
  styleUrls: ['../talk/drawer.css', './spectators-panel.css'],
})
export class SpectatorsPanel {
  private readonly api = inject(RoomApi);
  private readonly confirm = inject(Confirm);
  private readonly drawers = inject(Drawers);
  private readonly jump = inject(Jump);
  private readonly socket = inject(LiveSocket);
  private readonly toasts = inject(Toasts);
  protected readonly store = inject(RoomStore);
  private readonly closer = viewChild.required<ElementRef<HTMLElement>>('closer');
  private readonly scroller = viewChild<ElementRef<HTMLElement>>('scroller');

  private readonly said = signal<readonly SpectatorMessageView[] | null>(null);
  /** In the room's own log by now, as this page has heard. */
  private readonly promotedHere = computed(
    () =>
      new Map(
        this.store
          .timeline()
          .messages.flatMap(({ id, seq, spectatorMessageId }) =>
            spectatorMessageId === null ? [] : [[spectatorMessageId, { id, seq }] as const],
          ),
      ),
  );
  protected readonly messages = computed(
    () =>
      this.said()
        ?.filter(({ deletedAt }) => deletedAt === null)
        .map((message) => ({
          ...message,
          promotedAs: message.promotedAs ?? this.promotedHere().get(message.id)?.id ?? null,
          place: this.promotedHere().get(message.id)?.seq ?? null,
        })) ?? null,
  );
  protected readonly problem = signal('');
  protected readonly text = signal('');
  protected readonly isSending = signal(false);
  protected readonly refusal = signal('');
  protected readonly left = computed(() => MAX_SPECTATOR_MESSAGE - [...this.text()].length);
  protected readonly mayAnswer = computed(
    () => this.store.state()?.room.settings.spectatorChat === 'interactive' && this.store.can('chat'),
  );
  private commandId = newCommandId();

  constructor() {
    afterNextRender(() => this.closer().nativeElement.focus());
    const listening = [
      this.socket.on('spectator_chat', ({ roomId, messages }) => {
        if (roomId === this.store.roomId()) {
          this.said.update((said) => said && merged(said, messages));
        }
      }),
      this.socket.whenConnected(() => void this.load()),
    ];
    inject(DestroyRef).onDestroy(() => listening.forEach((stop) => stop()));
    effect(() => {
      this.messages();
      const scroller = this.scroller()?.nativeElement;
      setTimeout(() => scroller && (scroller.scrollTop = scroller.scrollHeight));
    });
  }

  protected async load(): Promise<void> {
    this.problem.set('');
    try {
      const { messages } = await this.api.spectatorChat(this.store.roomId(), {});
      this.said.update((said) => merged(said ?? [], messages));
    } catch (thrown) {
      this.problem.set(toApiProblem(thrown).detail);
    }
  }

  /** What was written stays until it is taken; sent again, it is known by its id. */
  protected async answer(event: Event): Promise<void> {
    event.preventDefault();
    const message = this.text();
    if (message.trim() === '' || this.left() < 0 || this.isSending()) {
      return;
    }
    this.isSending.set(true);
    this.refusal.set('');
    try {
      const request = { roomId: this.store.roomId(), message, clientMessageId: this.commandId };
      const answer = await this.store.ask('spectator_chat_message', request);
      this.said.update((said) => said && merged(said, [answer]));
      this.text.set('');
      this.commandId = newCommandId();
    } catch (thrown) {
      this.refusal.set(toApiProblem(thrown).detail);
    } finally {
      this.isSending.set(false);
    }
  }

  protected typed(event: KeyboardEvent): void {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      void this.answer(event);
    }
  }

  protected promote({ id }: SpectatorMessageView): Promise<void> {
    return this.act('The message was not brought into the room.', 'promote_spectator_message', id);
  }

  protected async delete({ id, author, message }: SpectatorMessageView): Promise<void> {
    const isSure = await this.confirm.ask({
      heading: `Delete what ${author} said?`,
      text: `“${message}” will be gone for everybody, from this chat and from the room if it was promoted. This cannot be taken back.`,
      deed: 'Delete the message',
      isDangerous: true,
    });
    if (isSure) {
      await this.act('The message is still there.', 'delete_spectator_message', id);
    }
  }

  protected async mute({ id, author, authorType }: SpectatorMessageView): Promise<void> {
    const others =
      authorType === 'anonymous' ? ' So are others without an account who come from the same network address.' : '';
    const isSure = await this.confirm.ask({
      heading: `Mute ${author} for an hour?`,
      text: `They read on, and can say nothing in this chat.${others}`,
      deed: 'Mute for an hour',
      isDangerous: true,
    });
    if (isSure) {
      try {
        const request = { roomId: this.store.roomId(), spectatorMessageId: id, minutes: MUTE_MINUTES };
        await this.store.ask('mute_spectator', { ...request, commandId: newCommandId() });
        this.toasts.done(`${author} is muted for an hour.`);
      } catch (thrown) {
        this.toasts.failed(`${author} is not muted. ${toApiProblem(thrown).detail}`);
      }
    }
  }

  protected async show(seq: number): Promise<void> {
    await this.drawers.close();
    this.jump.to(seq);
  }

  protected close(event: Event): void {
    event.stopPropagation();
    void this.drawers.close();
  }

  private async act(
    failed: string,
    name: 'promote_spectator_message' | 'delete_spectator_message',
    spectatorMessageId: string,
  ): Promise<void> {
    try {
      await this.store.ask(name, { roomId: this.store.roomId(), spectatorMessageId, commandId: newCommandId() });
    } catch (thrown) {
      this.toasts.failed(`${failed} ${toApiProblem(thrown).detail}`);
    }
  }
}
