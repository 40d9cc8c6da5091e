import { Component, input } from '@angular/core';
import { type FieldTree, FormField } from '@angular/forms/signals';
import { LucideLock, LucideWaves } from '../icon/icons';

/** Whether strangers may know of a room. */
@Component({
  selector: 'ct-visibility-field',
  imports: [FormField, LucideLock, LucideWaves],
  template: `
    <fieldset>
      <legend>Who may find it</legend>
      <label class="choice">
        <input type="radio" value="private" [formField]="field()" />
        <svg lucideLock></svg>
        <span><strong>Private</strong><br />Only people you invite see it, or that it exists.</span>
      </label>
      <label class="choice">
        <input type="radio" value="public" [formField]="field()" />
        <svg lucideWaves></svg>
        <span><strong>Public</strong><br />Anyone finds it in the lobby and may join. {{ note() }}</span>
      </label>
    </fieldset>
  `,
  styleUrl: '../form/fields.css',
})
export class VisibilityField {
  readonly field = input.required<FieldTree<'private' | 'public'>>();
  /** What else to say of a public room here. */
  readonly note = input('');
}
