import { Component, computed, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import { LucideCheck, LucideCircleAlert, LucideX } from '../../shared/icon/icons';
import { Button } from '../../shared/button';
import { SlashRunner } from './slash-runner';

/** What came of the writer's last command, shown to them alone until they wave it away or write the next one. */
@Component({
  selector: 'ct-slash-answer',
  imports: [Button, LucideCheck, LucideCircleAlert, LucideX, RouterLink],
  template: `
    <div role="status">
      @if (runner.answer(); as answer) {
        <p [class]="answer.kind">
          @if (answer.kind === 'done') {
            <svg lucideCheck [size]="16"></svg>
          } @else {
            <svg lucideCircleAlert [size]="16"></svg>
          }
          <span>
            {{ answer.words }}
            @if (link(); as link) {
              <a [routerLink]="link.path" [queryParams]="link.query" queryParamsHandling="merge">Show it</a>
            }
            <span class="faint">Only you see this.</span>
          </span>
          <button type="button" ctButton="quiet" size="small" icon aria-label="Dismiss" (click)="runner.dismiss()">
            <svg lucideX [size]="16"></svg>
          </button>
        </p>
      }
    </div>
  `,
  styles: `
    p {
      display: flex;
      align-items: flex-start;
      gap: var(--space-2);
      padding: var(--space-2) var(--space-4);
      border-top: 1px solid var(--line);
      background: var(--surface);
      font-size: var(--text-s);
    }

    p > svg {
      margin-top: 0.125rem;
    }

    p > span {
      flex: 1;
      overflow-wrap: anywhere;
    }

    .faint {
      font-size: var(--text-xs);
    }

    .done > svg {
      color: var(--good);
    }

    .refused > svg {
      color: var(--danger);
    }
  `,
})
export class SlashAnswerLine {
  protected readonly runner = inject(SlashRunner);
  protected readonly link = computed(() => {
    const address = this.runner.answer()?.address;
    if (!address) {
      return null;
    }
    const [path, query] = address.split('?', 2);
    return { path, query: Object.fromEntries(new URLSearchParams(query)) };
  });
}
