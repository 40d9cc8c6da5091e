import { Service, effect, inject, signal } from '@angular/core';
import { Title } from '@angular/platform-browser';
import { type RouterStateSnapshot, TitleStrategy } from '@angular/router';

/** The tab's title: the place the reader is in, and how much they have not read. */
@Service()
export class PageTitle extends TitleStrategy {
  private readonly title = inject(Title);
  private readonly place = signal('');
  private readonly unread = signal(0);
  private path = '';

  constructor() {
    super();
    effect(() => {
      const unread = this.unread();
      const name = this.place() ? `${this.place()} · ClawTank` : 'ClawTank';
      this.title.setTitle(unread > 0 ? `(${unread > 99 ? '99+' : unread}) ${name}` : name);
    });
  }

  override updateTitle(snapshot: RouterStateSnapshot): void {
    // Another query shows the same place from another side: it keeps the name that was found for it.
    const path = snapshot.url.split(/[?#]/, 1)[0] ?? '';
    if (path === this.path) {
      return;
    }
    this.path = path;
    this.place.set(this.buildTitle(snapshot) ?? '');
  }

  /** Names the place once its name is known, such as a room's. Holds until the reader goes elsewhere. */
  nameThePlace(name: string): void {
    this.place.set(name);
  }

  showUnread(count: number): void {
    this.unread.set(count);
  }
}
