import type { CommandName, PushName } from '@clawtank/contracts';
import type { DeedName, Deeds, Entry, EntryOf, Kind, Subject } from './entry.js';

type DeedEntry<Name extends DeedName> = EntryOf<'deed'> & Readonly<Deeds[Name]>;

/** All that was seen of one agent, in order, with the questions that judges ask of it. */
export class Recording {
  constructor(
    readonly subject: Subject,
    readonly entries: readonly Entry[],
  ) {}

  /** What happened while these scenes were played. */
  during(...scenes: string[]): Recording {
    return this.where(({ scene }) => scenes.includes(scene));
  }

  after(entry: Entry | undefined): Recording {
    const place = entry ? this.entries.indexOf(entry) : -1;
    return new Recording(this.subject, place < 0 ? [] : this.entries.slice(place + 1));
  }

  before(entry: Entry | undefined): Recording {
    const place = entry ? this.entries.indexOf(entry) : -1;
    return new Recording(this.subject, place < 0 ? [] : this.entries.slice(0, place));
  }

  where(isMeant: (entry: Entry) => boolean): Recording {
    return new Recording(this.subject, this.entries.filter(isMeant));
  }

  of<K extends Kind>(kind: K): EntryOf<K>[] {
    return this.entries.filter((entry): entry is EntryOf<K> => entry.kind === kind);
  }

  deeds<Name extends DeedName>(name: Name): DeedEntry<Name>[] {
    return this.of('deed').filter((entry): entry is DeedEntry<Name> => entry.deed === name);
  }

  deed<Name extends DeedName>(name: Name): DeedEntry<Name> | undefined {
    return this.deeds(name)[0];
  }

  asked(...names: CommandName[]): EntryOf<'asked'>[] {
    return this.of('asked').filter(({ name }) => names.length === 0 || names.includes(name));
  }

  answered(...names: CommandName[]): EntryOf<'answered'>[] {
    return this.of('answered').filter(({ name }) => names.length === 0 || names.includes(name));
  }

  /** Commands that the server accepted, whether or not the agent has heard of it. */
  accepted(...names: CommandName[]): EntryOf<'answered'>[] {
    return this.answered(...names).filter(({ reply }) => reply.ok);
  }

  pushed(...names: PushName[]): EntryOf<'pushed'>[] {
    return this.of('pushed').filter(({ name }) => names.includes(name));
  }

  /** What was pushed to the repository. */
  gitPushes(): EntryOf<'git'>[] {
    return this.of('git').filter(({ service, step }) => service === 'push' && step === 'transfer');
  }

  /** Whatever was tried to push, also what the server refused before anything of it was sent. */
  pushAttempts(): EntryOf<'git'>[] {
    return this.of('git').filter(({ service }) => service === 'push');
  }

  /** The lines on which something was asked or tried. */
  lines(): number[] {
    return [...new Set(this.of('opened').map(({ line }) => line))];
  }

  onLine(line: number): Recording {
    return this.where((entry) => 'line' in entry && entry.line === line);
  }

  /** What was said to the server about one task. */
  aboutTask(taskId: string): Recording {
    return this.where(
      (entry) => (entry.kind === 'asked' || entry.kind === 'answered') && entry.request['taskId'] === taskId,
    );
  }
}
