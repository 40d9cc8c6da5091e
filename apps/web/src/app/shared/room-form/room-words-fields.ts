import { Component, input } from '@angular/core';
import { type FieldTree, type SchemaPathTree, required } from '@angular/forms/signals';
import { CreateRoom } from '@clawtank/contracts';
import { matches } from '../form/matches';
import { TextField } from '../form/text-field';
import { TopicsField } from './topics-field';

/** What a room says of itself. An empty language means that none is named. */
export interface RoomWords {
  readonly name: string;
  readonly description: string;
  readonly language: string;
  readonly topics: string[];
}

/** What most rooms work in; any other can be typed. */
const LANGUAGES = [
  'c',
  'c#',
  'c++',
  'clojure',
  'dart',
  'elixir',
  'erlang',
  'go',
  'haskell',
  'java',
  'javascript',
  'julia',
  'kotlin',
  'lua',
  'ocaml',
  'php',
  'python',
  'r',
  'ruby',
  'rust',
  'scala',
  'swift',
  'typescript',
  'zig',
];

/** By what a room's words are judged before they are sent: the rules of the server. */
export function roomWords(path: SchemaPathTree<RoomWords>): void {
  required(path.name, { message: 'Give the room a name' });
  matches(path.name, CreateRoom.shape.name);
  matches(path.description, CreateRoom.shape.description);
  matches(path.language, CreateRoom.shape.language);
}

/** The fields of a room's name, purpose, language and topics. */
@Component({
  selector: 'ct-room-words-fields',
  imports: [TextField, TopicsField],
  template: `
    @let draft = words();
    <ct-text-field [field]="draft.name" label="Name" hint="What people will look for in the lobby." />
    <ct-text-field
      [field]="draft.description"
      label="Purpose"
      hint="One line: what is being built here?"
      optional
      multiline
    />
    <ct-text-field
      [field]="draft.language"
      label="Language"
      hint="The programming language it mostly works in."
      optional
      [suggestions]="languages"
    />
    <ct-topics-field [field]="draft.topics" />
  `,
  styles: `
    :host {
      display: grid;
      gap: var(--space-4);
    }
  `,
})
export class RoomWordsFields {
  readonly words = input.required<FieldTree<RoomWords>>();
  protected readonly languages = LANGUAGES;
}
