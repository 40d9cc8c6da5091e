import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { Component, computed, inject } from '@angular/core';
import { SLASH_COMMANDS, completeSlashCommand } from '@clawtank/contracts';
import { LucideX } from '../shared/icon/icons';
import { Button } from '../shared/button';
import { Keys } from '../shared/keys';
import type { HelpRequest } from './help';
import { isOneCharacter } from './key-press';
import { AREAS, type Area, KEYS_IN_PLACE, SHORTCUTS, type Shortcut } from './shortcut-table';
import { SingleKeys } from './single-keys';

/** All shortcuts by where they work, and all slash commands. */
@Component({
  selector: 'ct-help-dialog',
  imports: [Button, Keys, LucideX],
  template: `
    <header>
      <h2 id="help-heading" tabindex="-1">Shortcuts and commands</h2>
      <button type="button" ctButton="quiet" size="small" icon aria-label="Close" (click)="dialog.close()">
        <svg lucideX></svg>
      </button>
    </header>
    <div class="columns" role="region" tabindex="0" aria-labelledby="help-heading">
      @for (area of areas(); track area.name) {
        <section [attr.aria-labelledby]="'help-' + area.name">
          <h3 [id]="'help-' + area.name">{{ area.heading }}</h3>
          <dl>
            @for (shortcut of area.shortcuts; track shortcut.does) {
              <div>
                <dt>{{ shortcut.does }}</dt>
                @for (keys of shortcut.keys; track keys) {
                  <dd><ct-keys [shortcut]="keys" /></dd>
                }
              </div>
            }
          </dl>
        </section>
      }
      <section class="commands" aria-labelledby="help-commands">
        <h3 id="help-commands">Commands, at the beginning of a message</h3>
        <dl>
          @for (command of commands(); track command.usage) {
            <div>
              <dt>
                <code>{{ command.usage }}</code>
              </dt>
              <dd>{{ command.describe }}</dd>
            </div>
          }
        </dl>
        <p>To say something that begins like a command, write the slash twice: <code>//help</code> says “/help”.</p>
      </section>
    </div>
    <label class="single">
      <input type="checkbox" [checked]="singleKeys.areOn()" (change)="singleKeys.turn(box.checked)" #box />
      Shortcuts of a single character, such as ? and /
    </label>
  `,
  styleUrl: './help-dialog.css',
})
export class HelpDialog {
  private readonly request = inject<HelpRequest>(DIALOG_DATA);
  protected readonly dialog = inject(DialogRef);
  protected readonly singleKeys = inject(SingleKeys);

  protected readonly areas = computed(() => {
    const everywhere = Object.values<Shortcut>(SHORTCUTS).map((one) => ({
      ...one,
      keys: one.keys.filter((keys) => this.singleKeys.areOn() || !isOneCharacter(keys)),
    }));
    // Those of a message or of the composer work only while it has the focus, and take nothing from anybody.
    const usable = [...everywhere, ...KEYS_IN_PLACE];
    return (Object.keys(AREAS) as Area[])
      .map((name) => ({
        name,
        heading: AREAS[name],
        shortcuts: usable.filter(({ area, keys }) => area === name && keys.length > 0),
      }))
      .filter(({ shortcuts }) => shortcuts.length > 0);
  });
  protected readonly commands = computed(() =>
    completeSlashCommand('', this.request.may).map((name) => SLASH_COMMANDS[name]),
  );
}
