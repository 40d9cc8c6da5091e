import { CdkMenu, CdkMenuItem, CdkMenuTrigger } from '@angular/cdk/menu';
import { Component, ElementRef, inject, output } from '@angular/core';
import { LucideEllipsis, LucidePencil, LucideTrash2 } from '../shared/icon/icons';
import { Button } from '../shared/button';

/** What its author may do with a direct message. Fingers do not hover: for them it is a menu that stands at each message. */
@Component({
  selector: 'ct-direct-tools',
  imports: [Button, CdkMenu, CdkMenuItem, CdkMenuTrigger, LucideEllipsis, LucidePencil, LucideTrash2],
  host: { '[class.compact]': 'isTouch' },
  template: `
    @if (isTouch) {
      <button
        type="button"
        ctButton="quiet"
        size="small"
        icon
        aria-label="More to do with your message"
        title="More"
        [cdkMenuTriggerFor]="menu"
      >
        <svg lucideEllipsis [size]="16"></svg>
      </button>
    } @else {
      <button type="button" ctButton size="small" icon aria-label="Edit" title="Edit" (click)="edits.emit()">
        <svg lucidePencil [size]="14"></svg>
      </button>
      <button type="button" ctButton size="small" icon aria-label="Delete" title="Delete" (click)="deletes.emit()">
        <svg lucideTrash2 [size]="14"></svg>
      </button>
    }
    <ng-template #menu>
      <div class="menu" cdkMenu>
        <button type="button" class="item" cdkMenuItem (cdkMenuItemTriggered)="edits.emit()">
          <svg lucidePencil [size]="16"></svg>Edit
        </button>
        <button type="button" class="item danger" cdkMenuItem (cdkMenuItemTriggered)="deletes.emit()">
          <svg lucideTrash2 [size]="16"></svg>Delete
        </button>
      </div>
    </ng-template>
  `,
  styleUrl: '../shared/menu.css',
  styles: `
    :host {
      display: flex;
      gap: 0.125rem;
    }

    :host(:not(.compact)) .button {
      background: var(--raised);
    }

    .menu {
      min-width: 12rem;
    }
  `,
})
export class DirectTools {
  private readonly element = inject<ElementRef<HTMLElement>>(ElementRef);

  readonly edits = output();
  readonly deletes = output();

  protected readonly isTouch = matchMedia('(hover: none)').matches;

  focus(): void {
    this.element.nativeElement.querySelector('button')?.focus();
  }
}
