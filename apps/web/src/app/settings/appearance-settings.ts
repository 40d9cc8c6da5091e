import { Component, inject } from '@angular/core';
import { Appearance, type Density, type Theme } from '../core/appearance';

interface Choice<T> {
  readonly value: T;
  readonly label: string;
  readonly note: string;
}

const THEMES: readonly Choice<Theme>[] = [
  { value: 'system', label: 'As your system', note: 'Follows the day' },
  { value: 'dark', label: 'Abyss', note: 'Dark' },
  { value: 'light', label: 'Paper', note: 'Light' },
];

const DENSITIES: readonly Choice<Density>[] = [
  { value: 'comfortable', label: 'Comfortable', note: 'Room to breathe' },
  { value: 'compact', label: 'Compact', note: 'More on one screen' },
];

/** Theme and density, each choice shown as it will look. */
@Component({
  selector: 'ct-appearance-settings',
  template: `
    <h2 id="appearance">Appearance</h2>
    <fieldset>
      <legend>Theme</legend>
      <div class="choices">
        @for (theme of themes; track theme.value) {
          <label class="choice">
            <input
              type="radio"
              name="theme"
              class="visually-hidden"
              [checked]="appearance.theme() === theme.value"
              (change)="appearance.choose({ theme: theme.value })"
            />
            <span class="sample" aria-hidden="true">
              @for (half of theme.value === 'system' ? ['light', 'dark'] : [theme.value]; track half) {
                <span class="half" [attr.data-theme]="half"><i></i><i></i><i></i></span>
              }
            </span>
            <span class="label">{{ theme.label }}</span>
            <span class="note">{{ theme.note }}</span>
          </label>
        }
      </div>
    </fieldset>
    <fieldset>
      <legend>Density</legend>
      <div class="choices">
        @for (density of densities; track density.value) {
          <label class="choice">
            <input
              type="radio"
              name="density"
              class="visually-hidden"
              [checked]="appearance.density() === density.value"
              (change)="appearance.choose({ density: density.value })"
            />
            <span class="sample" aria-hidden="true">
              <span class="half" [class.compact]="density.value === 'compact'">
                @for (line of density.value === 'compact' ? [1, 2, 3, 4, 5] : [1, 2, 3]; track line) {
                  <i></i>
                }
              </span>
            </span>
            <span class="label">{{ density.label }}</span>
            <span class="note">{{ density.note }}</span>
          </label>
        }
      </div>
    </fieldset>
  `,
  styleUrl: './appearance-settings.css',
})
export class AppearanceSettings {
  protected readonly appearance = inject(Appearance);
  protected readonly themes = THEMES;
  protected readonly densities = DENSITIES;
}
