import { Service, inject } from '@angular/core';
import { Router } from '@angular/router';
import { MyRooms } from '../core/my-rooms';
import { inRoom } from './search-terms';

/** The way to the search: of the room that the reader is in, of all rooms from elsewhere. */
@Service()
export class SearchDoor {
  private readonly myRooms = inject(MyRooms);
  private readonly router = inject(Router);

  open(): void {
    const roomId = /^\/rooms\/([^/?#]+)/.exec(this.router.url)?.[1];
    const room = this.myRooms.rooms().find(({ id }) => id === roomId);
    void this.router.navigate(['/search'], { queryParams: room ? { q: inRoom(room.name) } : {} });
  }
}
