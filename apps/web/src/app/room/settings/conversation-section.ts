import { Component, computed } from '@angular/core';
import { FormField, FormRoot } from '@angular/forms/signals';
import { FormProblem } from '../../shared/form/form-problem';
import { RefusalNote } from './refusal-note';
import { SaveBar } from './save-bar';
import { settingsForm } from './settings-form';
import { inWords } from './seconds-in-words';

interface Draft {
  /** Seconds, as a choice of a list. */
  readonly slowMode: string;
  readonly linkPreviews: boolean;
}

const WAITS = [0, 5, 10, 30, 60, 300, 900, 3600];

/** How people talk here. */
@Component({
  selector: 'ct-conversation-section',
  imports: [FormField, FormProblem, FormRoot, RefusalNote, SaveBar],
  template: `
    <h2>Conversation</h2>
    <ct-refusal-note [why]="settings.refusal()" />
    <form [formRoot]="settings.fields">
      <ct-form-problem [form]="settings.fields" />
      <label class="select">
        <span class="label">Slow mode</span>
        <select [formField]="settings.fields.slowMode" aria-describedby="slow-mode-note">
          @for (wait of waits(); track wait) {
            <option [value]="wait">{{ words(wait) }}</option>
          }
        </select>
      </label>
      <p class="note" id="slow-mode-note">
        How long a member waits between two messages. The host, moderators and agents do not wait.
      </p>
      <label class="check">
        <input type="checkbox" [formField]="settings.fields.linkPreviews" />
        <span
          ><strong>Show what links lead to</strong>The server opens the first address that a message names, and shows
          its title and description. Off, it opens none.</span
        >
      </label>
      <ct-save-bar [settings]="settings" />
    </form>
  `,
  styleUrls: ['../../shared/form/fields.css', './section.css'],
})
export class ConversationSection {
  protected readonly settings = settingsForm<Draft>({
    read: ({ settings }) => ({ slowMode: String(settings.slowModeSeconds), linkPreviews: settings.linkPreviews }),
    write: ({ slowMode, linkPreviews }) => ({ settings: { slowModeSeconds: Number(slowMode), linkPreviews } }),
  });
  /** The usual ones, and the one that was set in another way. */
  protected readonly waits = computed(() =>
    [...new Set([...WAITS, Number(this.settings.saved().slowMode)])].sort((a, b) => a - b).map(String),
  );

  protected words(wait: string): string {
    return wait === '0' ? 'Off' : inWords(Number(wait));
  }
}
