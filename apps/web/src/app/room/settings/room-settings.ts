import { Component, ElementRef, afterRenderEffect, inject, input, viewChild } from '@angular/core';
import { RouterLink } from '@angular/router';
import { LucideArrowLeft } from '../../shared/icon/icons';
import { Button } from '../../shared/button';
import { RoomStore } from '../state/room-store';
import { AccessSection } from './access-section';
import { AgentsSection } from './agents-section';
import { AuditSection } from './audit-section';
import { BansSection } from './bans-section';
import { ConversationSection } from './conversation-section';
import { DangerSection } from './danger-section';
import { GeneralSection } from './general-section';
import { InvitationsSection } from './invitations-section';
import { SETTINGS_SECTIONS, type SettingsSection } from './settings-place';
import { WorkSection } from './work-section';

const LABELS: { readonly [Section in SettingsSection]: string } = {
  general: 'General',
  access: 'Access',
  invitations: 'Invitations',
  conversation: 'Conversation',
  work: 'Work',
  agents: 'Agents',
  bans: 'Banned people',
  audit: 'Audit log',
  danger: 'Archive & delete',
};

/** The room's settings, in place of the room. Everybody in it may read how it is set; what they cannot change says why. */
@Component({
  selector: 'ct-room-settings',
  imports: [
    AccessSection,
    AgentsSection,
    AuditSection,
    BansSection,
    Button,
    ConversationSection,
    DangerSection,
    GeneralSection,
    InvitationsSection,
    LucideArrowLeft,
    RouterLink,
    WorkSection,
  ],
  template: `
    <div class="side">
      <a
        ctButton="quiet"
        size="small"
        class="back"
        [routerLink]="[]"
        [queryParams]="{ settings: null, action: null }"
        queryParamsHandling="merge"
        ><svg lucideArrowLeft [size]="16"></svg>Back to the room</a
      >
      <nav aria-label="Room settings" #nav>
        @for (one of sections; track one) {
          <a
            [routerLink]="[]"
            [queryParams]="{ settings: one, action: null }"
            queryParamsHandling="merge"
            [class.danger]="one === 'danger'"
            [attr.aria-current]="one === section() ? 'page' : null"
            >{{ labels[one] }}</a
          >
        }
      </nav>
    </div>
    <!-- Can be reached and scrolled with the keyboard even where nothing in it can be operated. -->
    <div class="section" role="region" tabindex="0" [attr.aria-label]="labels[section()]" #content>
      @switch (section()) {
        @case ('general') {
          <ct-general-section />
        }
        @case ('access') {
          <ct-access-section />
        }
        @case ('invitations') {
          <ct-invitations-section />
        }
        @case ('conversation') {
          <ct-conversation-section />
        }
        @case ('work') {
          <ct-work-section />
        }
        @case ('agents') {
          <ct-agents-section />
        }
        @case ('bans') {
          <ct-bans-section />
        }
        @case ('audit') {
          <ct-audit-section />
        }
        @case ('danger') {
          <ct-danger-section />
        }
      }
    </div>
  `,
  styleUrl: './room-settings.css',
})
export class RoomSettings {
  protected readonly store = inject(RoomStore);
  private readonly nav = viewChild.required<ElementRef<HTMLElement>>('nav');
  private readonly content = viewChild.required<ElementRef<HTMLElement>>('content');

  readonly section = input.required<SettingsSection>();

  protected readonly sections = SETTINGS_SECTIONS;
  protected readonly labels = LABELS;

  constructor() {
    afterRenderEffect(() => {
      this.section();
      const content = this.content().nativeElement;
      content.scrollTop = 0;
      content.focus({ preventScroll: true });
      // On a phone the sections lie in one line, which is longer than the screen.
      const nav = this.nav().nativeElement;
      const here = nav.querySelector<HTMLElement>('[aria-current]');
      nav.scrollLeft = here ? here.offsetLeft - (nav.clientWidth - here.offsetWidth) / 2 : 0;
    });
  }
}
