import { Component } from '@angular/core';
import { FormRoot } from '@angular/forms/signals';
import { FormProblem } from '../../shared/form/form-problem';
import { type RoomWords, RoomWordsFields, roomWords } from '../../shared/room-form/room-words-fields';
import { RefusalNote } from './refusal-note';
import { SaveBar } from './save-bar';
import { settingsForm } from './settings-form';

/** What the room is called, for, and about. */
@Component({
  selector: 'ct-general-section',
  imports: [FormProblem, FormRoot, RefusalNote, RoomWordsFields, SaveBar],
  template: `
    <h2>General</h2>
    <ct-refusal-note [why]="settings.refusal()" />
    <form [formRoot]="settings.fields">
      <ct-form-problem [form]="settings.fields" />
      <ct-room-words-fields [words]="settings.fields" />
      <ct-save-bar [settings]="settings" />
    </form>
  `,
  styleUrls: ['../../shared/form/fields.css', './section.css'],
})
export class GeneralSection {
  protected readonly settings = settingsForm<RoomWords>({
    read: ({ name, description, language, topics }) => ({
      name,
      description,
      language: language ?? '',
      topics: [...topics],
    }),
    write: (words) => ({ ...words, language: words.language.trim() || null }),
    rules: roomWords,
  });
}
