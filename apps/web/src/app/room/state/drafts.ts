import { DOCUMENT, Service, inject } from '@angular/core';

/** What a person has begun to write in each room, kept on this device until it is sent. */
@Service()
export class Drafts {
  private readonly storage = inject(DOCUMENT).defaultView?.localStorage;

  read(roomId: string, readerId: string): string {
    try {
      return this.storage?.getItem(keyOf(roomId, readerId)) ?? '';
    } catch {
      return '';
    }
  }

  keep(roomId: string, readerId: string, text: string): void {
    try {
      if (text === '') {
        this.storage?.removeItem(keyOf(roomId, readerId));
      } else {
        this.storage?.setItem(keyOf(roomId, readerId), text);
      }
    } catch {
      // Storage is full or blocked: the draft lasts as long as the page.
    }
  }
}

const keyOf = (roomId: string, readerId: string): string => `clawtank.draft.${readerId}.${roomId}`;
