import { Component, DOCUMENT, ElementRef, computed, inject, input, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { Approval } from '@clawtank/contracts';
import { Avatar } from '../../shared/avatar/avatar';
import { Button } from '../../shared/button';
import { RelativeTime } from '../../shared/relative-time';
import { RoomStore } from '../state/room-store';
import { queryOf } from '../work/work-place';
import { authorityOf, kindOf } from './approval-words';
import { Approvals } from './approvals';
import { ExactText } from './exact-text';

/** What has more lines or characters than this is not seen without scrolling. */
const SHOWN = { lines: 7, characters: 280 };

/** A step that one of the reader's agents does not take without leave: what exactly it is, and the reader's answer. */
@Component({
  selector: 'ct-approval-card',
  imports: [Avatar, Button, ExactText, RelativeTime, RouterLink],
  template: `
    <article tabindex="-1" [attr.aria-labelledby]="name() + '-what'" [attr.aria-describedby]="name() + '-authority'">
      <p class="who">
        <ct-avatar [name]="approval().agent.name" kind="agent" ring="waiting" [size]="24" decorative />
        <span
          ><strong>{{ approval().agent.name }}</strong> asks for your leave</span
        >
        <span class="facts">
          {{ kind() }} ·
          <a [routerLink]="[]" [queryParams]="taskQuery()" queryParamsHandling="merge">{{ task() }}</a>
          · <ct-time [at]="approval().requestedAt" ago />
        </span>
      </p>
      <h3 [id]="name() + '-what'"><ct-exact-text [text]="approval().title" /></h3>
      @if (approval().detail; as detail) {
        <pre
          tabindex="0"
          role="region"
          [attr.aria-label]="'Exactly what ' + approval().agent.name + ' would do'"
        ><ct-exact-text [text]="detail" /></pre>
        @if (isLong()) {
          <p class="long">This is long: scroll to read all of it before you decide.</p>
        }
      }
      <p class="authority" [id]="name() + '-authority'">{{ authority() }}</p>
      @if (approvals.refusalOf(approval()); as refusal) {
        <p class="refusal" role="alert">{{ refusal }}</p>
      }
      <div class="answer">
        <label>
          <span class="visually-hidden">Reason, for {{ approval().agent.name }}, optional</span>
          <input
            #reason
            placeholder="Reason (optional)"
            autocomplete="off"
            maxlength="500"
            [value]="note()"
            (input)="note.set(reason.value)"
          />
        </label>
        <button type="button" ctButton [pending]="decision() === 'rejected'" (click)="decide('rejected')">
          Refuse
        </button>
        <button type="button" ctButton="primary" [pending]="decision() === 'approved'" (click)="decide('approved')">
          Allow
        </button>
      </div>
    </article>
  `,
  styleUrl: './approval-card.css',
})
export class ApprovalCard {
  private readonly document = inject(DOCUMENT);
  private readonly element = inject<ElementRef<HTMLElement>>(ElementRef);
  private readonly store = inject(RoomStore);
  protected readonly approvals = inject(Approvals);

  readonly approval = input.required<Approval>();
  /** Where it stands on the page: the same question may be on the task's page and in the room. */
  readonly place = input.required<string>();

  protected readonly note = signal('');
  protected readonly name = computed(() => `${this.place()}-approval-${this.approval().id}`);
  protected readonly kind = computed(() => kindOf(this.approval()));
  protected readonly authority = computed(() => authorityOf(this.approval()));
  protected readonly isLong = computed(() => {
    const { detail } = this.approval();
    return detail.length > SHOWN.characters || detail.split('\n').length > SHOWN.lines;
  });
  protected readonly decision = computed(() => this.approvals.decisionOf(this.approval()));
  protected readonly task = computed(() => {
    const { taskId, taskNumber } = this.approval();
    const title = this.store.state()?.tasks.find(({ id }) => id === taskId)?.title;
    return `task ${taskNumber}${title ? `, ${title}` : ''}`;
  });
  protected readonly taskQuery = computed(() => queryOf({ work: 'tasks', task: this.approval().taskNumber }));

  focus(): void {
    this.element.nativeElement.querySelector('article')?.focus();
  }

  hasFocus(): boolean {
    return this.element.nativeElement.contains(this.document.activeElement);
  }

  protected decide(decision: 'approved' | 'rejected'): void {
    void this.approvals.decide(this.approval(), decision, this.note());
  }
}
