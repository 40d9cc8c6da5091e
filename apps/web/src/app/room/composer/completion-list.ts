import { Component, ElementRef, effect, inject, input, model, output } from '@angular/core';
import { Avatar } from '../../shared/avatar/avatar';
import type { Suggestion } from './completion';

/** What may be meant by what is being typed. The field keeps the focus and moves `active`. */
@Component({
  selector: 'ct-completion-list',
  imports: [Avatar],
  template: `
    <ul role="listbox" [id]="listId()" [attr.aria-label]="label()">
      @for (one of suggestions(); track one.id; let index = $index) {
        <li
          role="option"
          [id]="listId() + '-' + index"
          [attr.aria-selected]="index === active()"
          (mousedown)="$event.preventDefault(); chosen.emit(one)"
          (mousemove)="active.set(index)"
        >
          @switch (one.kind) {
            @case ('seat') {
              <ct-avatar [name]="one.seat.name" [kind]="one.seat.type" [ring]="one.seat.ring" [size]="24" decorative />
              <span class="name" [class.agent]="one.seat.type === 'agent'">{{ one.seat.name }}</span>
              <span class="what">{{
                one.seat.type === 'agent' ? one.seat.ownerName + '’s agent' : one.seat.presence
              }}</span>
            }
            @case ('here') {
              <span class="sign" aria-hidden="true">&#64;</span>
              <span class="name">here</span>
              <span class="what">everybody in the room</span>
            }
            @case ('emoji') {
              <span class="sign" aria-hidden="true">{{ one.emoji.unicode }}</span>
              <span class="name">{{ one.emoji.shortcodes[0] }}</span>
              <span class="what">{{ one.emoji.label }}</span>
            }
            @case ('command') {
              <code>{{ one.usage }}</code>
              <span class="what">{{ one.describe }}</span>
            }
          }
        </li>
      }
    </ul>
  `,
  styleUrl: './completion-list.css',
})
export class CompletionList {
  private readonly element = inject<ElementRef<HTMLElement>>(ElementRef);

  readonly listId = input.required<string>();
  readonly label = input.required<string>();
  readonly suggestions = input.required<readonly Suggestion[]>();
  readonly active = model.required<number>();
  readonly chosen = output<Suggestion>();

  constructor() {
    effect(() => {
      const option = this.element.nativeElement.querySelectorAll('li')[this.active()];
      option?.scrollIntoView?.({ block: 'nearest' });
    });
  }
}
