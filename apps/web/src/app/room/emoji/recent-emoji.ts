import { DOCUMENT, Service, inject, signal } from '@angular/core';

const KEY = 'clawtank.recent-emoji';
const MOST = 16;
/** What people mostly answer with, until one has habits of one's own. */
const USUAL = ['👍', '❤️', '😂', '🎉', '👀', '✅', '🙏', '🚀'];

/** The emoji that were chosen last on this device, the newest first. */
@Service()
export class RecentEmoji {
  private readonly storage = inject(DOCUMENT).defaultView?.localStorage;
  private readonly list = signal(this.stored());

  readonly recent = this.list.asReadonly();

  use(emoji: string): void {
    this.list.update((list) => [emoji, ...list.filter((one) => one !== emoji)].slice(0, MOST));
    try {
      this.storage?.setItem(KEY, JSON.stringify(this.list()));
    } catch {
      // Storage is full or blocked: remembered as long as the page lasts.
    }
  }

  private stored(): readonly string[] {
    try {
      const kept: unknown = JSON.parse(this.storage?.getItem(KEY) ?? '[]');
      const chosen = Array.isArray(kept) ? kept.filter((one): one is string => typeof one === 'string') : [];
      return [...new Set([...chosen, ...USUAL])].slice(0, MOST);
    } catch {
      return USUAL;
    }
  }
}
