import { CdkMenu, CdkMenuItem, CdkMenuTrigger } from '@angular/cdk/menu';
import { Component, computed, inject, input, output } from '@angular/core';
import type { ChatMessage } from '@clawtank/contracts';
import {
  LucideCopy,
  LucideEllipsis,
  LucideHistory,
  LucideLink,
  LucideMessagesSquare,
  LucidePencil,
  LucidePin,
  LucidePinOff,
  LucideReply,
  LucideSmilePlus,
  LucideTrash2,
} from '../../shared/icon/icons';
import { Button } from '../../shared/button';
import { MessageActions } from '../state/message-actions';
import type { Deed } from './deeds';

/** What can be done with one message: the usual as buttons, everything in a menu. On a touch screen only the menu stands there. */
@Component({
  selector: 'ct-message-toolbar',
  imports: [
    Button,
    CdkMenu,
    CdkMenuItem,
    CdkMenuTrigger,
    LucideCopy,
    LucideEllipsis,
    LucideHistory,
    LucideLink,
    LucideMessagesSquare,
    LucidePencil,
    LucidePin,
    LucidePinOff,
    LucideReply,
    LucideSmilePlus,
    LucideTrash2,
  ],
  host: {
    role: 'toolbar',
    '[attr.aria-label]': '"Message of " + message().author.name',
    '[class.compact]': 'compact()',
  },
  templateUrl: './message-toolbar.html',
  styleUrl: './message-toolbar.css',
})
export class MessageToolbar {
  private readonly actions = inject(MessageActions);

  readonly message = input.required<ChatMessage>();
  /** Within a thread there is no thread to open. */
  readonly inThread = input.required<boolean>();
  /** Only the menu, as for fingers. */
  readonly compact = input(false);
  readonly does = output<Deed>();
  /** Whether the menu stands open; it goes with the toolbar. */
  readonly menuToggles = output<boolean>();

  protected readonly mayReact = computed(() => this.actions.mayReact(this.message()));
  protected readonly mayEdit = computed(() => this.actions.mayEdit(this.message()));
  protected readonly mayPin = computed(() => this.actions.mayPin(this.message()));
  protected readonly mayDelete = computed(() => this.actions.mayDelete(this.message()));
}
