import { Component, booleanAttribute, computed, input, signal } from '@angular/core';
import { type FieldTree, FormField } from '@angular/forms/signals';
import { LucideCircleAlert, LucideEye, LucideEyeOff } from '../icon/icons';

let count = 0;

/** A line of text with its label, a hint, and what is wrong with it once the reader has left it or tried to send it. */
@Component({
  selector: 'ct-text-field',
  imports: [FormField, LucideCircleAlert, LucideEye, LucideEyeOff],
  template: `
    <div class="label">
      <label [for]="id">{{ label() }}</label>
      @if (optional()) {
        <span class="optional">optional</span>
      }
    </div>
    <div class="control" [class.bad]="error()">
      @if (multiline()) {
        <textarea
          rows="3"
          [id]="id"
          [formField]="field()"
          [attr.autocomplete]="autocomplete()"
          [attr.aria-invalid]="error() ? true : null"
          [attr.aria-describedby]="described()"
        ></textarea>
      } @else {
        <input
          [id]="id"
          [type]="revealed() ? 'text' : type()"
          [formField]="field()"
          [attr.autocomplete]="autocomplete()"
          [attr.autocapitalize]="type() === 'text' && isVerbatim() ? 'none' : null"
          [attr.spellcheck]="isVerbatim() ? 'false' : null"
          [attr.list]="suggestions().length > 0 ? id + '-suggestions' : null"
          [attr.aria-required]="optional() ? null : true"
          [attr.aria-invalid]="error() ? true : null"
          [attr.aria-describedby]="described()"
        />
        @if (suggestions().length > 0) {
          <datalist [id]="id + '-suggestions'">
            @for (suggestion of suggestions(); track suggestion) {
              <option [value]="suggestion"></option>
            }
          </datalist>
        }
      }
      @if (type() === 'password') {
        <button
          type="button"
          class="reveal"
          [attr.aria-label]="revealed() ? 'Hide the password' : 'Show the password'"
          (click)="revealed.set(!revealed())"
        >
          @if (revealed()) {
            <svg lucideEyeOff></svg>
          } @else {
            <svg lucideEye></svg>
          }
        </button>
      }
    </div>
    <p class="note" [id]="id + '-note'" aria-live="polite">
      @if (error(); as message) {
        <span class="error"><svg lucideCircleAlert [size]="14"></svg>{{ message }}</span>
      } @else if (hint()) {
        {{ hint() }}
      }
    </p>
  `,
  styleUrl: './text-field.css',
})
export class TextField {
  readonly field = input.required<FieldTree<string>>();
  readonly label = input.required<string>();
  readonly hint = input('');
  readonly type = input<'text' | 'password' | 'email'>('text');
  readonly autocomplete = input<string>('off');
  /** Offered while one types; anything else may be typed as well. */
  readonly suggestions = input<readonly string[]>([]);
  readonly optional = input(false, { transform: booleanAttribute });
  readonly multiline = input(false, { transform: booleanAttribute });

  protected readonly id = `ct-field-${++count}`;
  protected readonly revealed = signal(false);
  protected readonly isVerbatim = computed(() => this.autocomplete() !== 'off');
  protected readonly error = computed(() => {
    const state = this.field()();
    return state.touched() ? (state.errors()[0]?.message ?? '') : '';
  });
  protected readonly described = computed(() => (this.error() || this.hint() ? `${this.id}-note` : null));
}
