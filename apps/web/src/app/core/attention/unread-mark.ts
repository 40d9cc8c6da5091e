import { DOCUMENT, Service, effect, inject } from '@angular/core';
import { PageTitle } from '../page-title';
import { Badges } from './badges';

const ICONS = { nothing: 'favicon.svg', unread: 'favicon-unread.svg', called: 'favicon-called.svg' } as const;

/** Says in the browser's tab how much waits for the reader: the number in the title, a dot on the icon. */
@Service()
export class UnreadMark {
  private readonly badges = inject(Badges);
  private readonly pageTitle = inject(PageTitle);
  private readonly icon = inject(DOCUMENT).querySelector<HTMLLinkElement>('link[rel=icon]');

  constructor() {
    effect(() => this.pageTitle.showUnread(this.badges.waiting()));
    effect(() => this.draw(this.badges.waiting() === 0 ? 'nothing' : this.badges.isCalled() ? 'called' : 'unread'));
  }

  private draw(what: keyof typeof ICONS): void {
    if (this.icon && this.icon.getAttribute('href') !== ICONS[what]) {
      this.icon.setAttribute('href', ICONS[what]);
    }
  }
}
