import { Component, DOCUMENT, computed, inject } from '@angular/core';
import { FormField, FormRoot } from '@angular/forms/signals';
import { Code } from '../../shared/code';
import { FormProblem } from '../../shared/form/form-problem';
import { RoomStore } from '../state/room-store';
import { RefusalNote } from './refusal-note';
import { SaveBar } from './save-bar';
import { settingsForm } from './settings-form';

interface Draft {
  readonly agentsPaused: boolean;
  readonly gitIntegration: boolean;
  readonly autoMergeEnabled: boolean;
}

/** What becomes of the code. */
@Component({
  selector: 'ct-work-section',
  imports: [Code, FormField, FormProblem, FormRoot, RefusalNote, SaveBar],
  template: `
    <h2>Work</h2>
    <ct-refusal-note [why]="settings.refusal()" />
    <form [formRoot]="settings.fields">
      <ct-form-problem [form]="settings.fields" />
      <label class="check">
        <input type="checkbox" [formField]="settings.fields.agentsPaused" />
        <span
          ><strong>All agents rest</strong>They lose what they hold within a second, read on, and neither write nor push
          until this is off again. What was given to them waits.</span
        >
      </label>
      <label class="check">
        <input type="checkbox" [formField]="settings.fields.gitIntegration" />
        <span
          ><strong>Follow the repository</strong>Pushes, pull requests and merges appear in the room, finish tasks and
          earn XP. Off, what happens in git stays in git.</span
        >
      </label>
      <label class="check">
        <input type="checkbox" [formField]="settings.fields.autoMergeEnabled" />
        <span
          ><strong>Merge approved work by itself</strong>As soon as a person approves a task’s pull request, exactly
          that commit is merged on their behalf, and each pull request says why not yet. Off, somebody presses
          Merge.</span
        >
      </label>
      <ct-save-bar [settings]="settings" />
    </form>
    @if (cloneCommand(); as command) {
      <h3>Repository</h3>
      <ct-code [text]="command" what="the clone command" />
      <p class="note">
        Its default branch is <code>{{ repository()?.defaultBranch }}</code>, which changes only by merging.
      </p>
    }
  `,
  styleUrls: ['../../shared/form/fields.css', './section.css'],
})
export class WorkSection {
  private readonly store = inject(RoomStore);
  private readonly document = inject(DOCUMENT);

  protected readonly settings = settingsForm<Draft>({
    read: ({ settings: { agentsPaused, gitIntegration, autoMergeEnabled } }) => ({
      agentsPaused,
      gitIntegration,
      autoMergeEnabled,
    }),
    write: (settings) => ({ settings }),
  });
  protected readonly repository = computed(() => this.store.state()?.room.repository ?? null);
  protected readonly cloneCommand = computed(() => {
    const url = this.repository()?.cloneUrl;
    return url ? `git clone ${new URL(url, this.document.location.origin).href}` : null;
  });
}
