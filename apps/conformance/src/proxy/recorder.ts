import type { Deeds, DeedName, Entry, Kind, NewEntry, EntryOf, Subject } from '../domain/entry.js';
import { Recording } from '../domain/recording.js';

/** Writes down what happens, and tells whoever waits for something to happen. */
export class Recorder {
  private readonly entries: Entry[] = [];
  private readonly listeners = new Set<(entry: Entry) => void>();
  private readonly began = performance.now();
  private scene = 'setting up';
  private process = 0;

  note(happening: NewEntry): void {
    if (happening.kind === 'started') {
      this.process++;
    }
    const at = Math.round(performance.now() - this.began);
    const entry = { at, scene: this.scene, process: this.process, ...happening } as Entry;
    this.entries.push(entry);
    for (const hear of [...this.listeners]) {
      hear(entry);
    }
  }

  deed<Name extends DeedName>(deed: Name, details: Deeds[Name]): void {
    this.note({ kind: 'deed', deed, ...details } as NewEntry);
  }

  begin(scene: string): void {
    this.scene = scene;
  }

  /** Where the recording stands; to look at what comes after. */
  get position(): number {
    return this.entries.length;
  }

  since(position: number): readonly Entry[] {
    return this.entries.slice(position);
  }

  /** The first entry of this kind, from `position` on, that is meant; null if there is none in time. */
  async until<K extends Kind>(
    kind: K,
    isMeant: (entry: EntryOf<K>) => boolean,
    withinMs: number,
    position = 0,
  ): Promise<EntryOf<K> | null> {
    const fits = (entry: Entry): entry is EntryOf<K> => entry.kind === kind && isMeant(entry as EntryOf<K>);
    const known = this.since(position).find(fits);
    if (known) {
      return known;
    }
    return new Promise((resolve) => {
      const end = (entry: EntryOf<K> | null): void => {
        clearTimeout(patience);
        this.listeners.delete(hear);
        resolve(entry);
      };
      const hear = (entry: Entry): void => {
        if (fits(entry)) {
          end(entry);
        }
      };
      const patience = setTimeout(() => end(null), withinMs);
      patience.unref(); // nobody waits for it once the stage is cleared
      this.listeners.add(hear);
    });
  }

  recordingOf(subject: Subject): Recording {
    return new Recording(subject, [...this.entries]);
  }
}
