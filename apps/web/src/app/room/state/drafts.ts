import { DOCUMENT, Service, inject } from '@angular/core';

/** What a person has begun to write in each place, a room or a thread, kept on this device until it is sent. */
@Service()
export class Drafts {
  private readonly storage = inject(DOCUMENT).defaultView?.localStorage;

  read(place: string, readerId: string): string {
    try {
      return this.storage?.getItem(keyOf(place, readerId)) ?? '';
    } catch {
      return '';
    }
  }

  keep(place: string, readerId: string, text: string): void {
    try {
      if (text === '') {
        this.storage?.removeItem(keyOf(place, readerId));
      } else {
        this.storage?.setItem(keyOf(place, readerId), text);
      }
    } catch {
      // Storage is full or blocked: the draft lasts as long as the page.
    }
  }
}

const keyOf = (place: string, readerId: string): string => `clawtank.draft.${readerId}.${place}`;
