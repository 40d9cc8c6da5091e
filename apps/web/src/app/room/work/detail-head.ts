import { Component, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { LucideArrowLeft } from '../../shared/icon/icons';
import { Button } from '../../shared/button';

/** Above something that was opened from a list: the way back to the list. */
@Component({
  selector: 'ct-detail-head',
  imports: [Button, LucideArrowLeft, RouterLink],
  template: `
    <a
      ctButton="quiet"
      size="small"
      [routerLink]="[]"
      [queryParams]="{ work: list(), task: null, pull: null, agent: null }"
      queryParamsHandling="merge"
      ><svg lucideArrowLeft [size]="16"></svg>{{ label() }}</a
    >
  `,
  styles: `
    :host {
      display: block;
      margin-left: calc(var(--space-3) * -1);
    }
  `,
})
export class DetailHead {
  readonly list = input.required<'tasks' | 'pulls' | 'members'>();
  readonly label = input.required<string>();
}
