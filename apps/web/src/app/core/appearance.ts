import { DOCUMENT, Service, effect, inject, signal } from '@angular/core';

export type Theme = 'system' | 'dark' | 'light';
export type Density = 'comfortable' | 'compact';

const KEY = 'clawtank.appearance';

/** The browser's own bar takes the colour of the page's ground; must equal `--ground` in tokens.css. */
const GROUND = { light: '#f6f3ec', dark: '#0a1116' };

/** The reader's theme and density: kept on this device, shared by its tabs, applied before the first paint by appearance.js. */
@Service()
export class Appearance {
  private readonly document = inject(DOCUMENT);

  readonly theme = signal<Theme>('system');
  readonly density = signal<Density>('comfortable');

  constructor() {
    this.read();
    this.document.defaultView?.addEventListener('storage', ({ key }) => {
      if (key === KEY) {
        this.read();
      }
    });
    effect(() => this.apply(this.theme(), this.density()));
  }

  choose(choice: { theme?: Theme; density?: Density }): void {
    this.theme.set(choice.theme ?? this.theme());
    this.density.set(choice.density ?? this.density());
    try {
      this.document.defaultView?.localStorage.setItem(
        KEY,
        JSON.stringify({ theme: this.theme(), density: this.density() }),
      );
    } catch {
      // Storage is full or blocked: the choice holds until the page is closed.
    }
  }

  private read(): void {
    const { theme, density } = this.stored();
    this.theme.set(theme === 'dark' || theme === 'light' ? theme : 'system');
    this.density.set(density === 'compact' ? 'compact' : 'comfortable');
  }

  private stored(): { theme?: unknown; density?: unknown } {
    try {
      const kept: unknown = JSON.parse(this.document.defaultView?.localStorage.getItem(KEY) ?? '{}');
      return typeof kept === 'object' && kept !== null ? kept : {};
    } catch {
      return {};
    }
  }

  private apply(theme: Theme, density: Density): void {
    const root = this.document.documentElement;
    if (theme === 'system') {
      delete root.dataset['theme'];
    } else {
      root.dataset['theme'] = theme;
    }
    root.dataset['density'] = density;
    for (const bar of this.document.querySelectorAll<HTMLMetaElement>('meta[name=theme-color]')) {
      const system = bar.media.includes('dark') ? 'dark' : 'light';
      bar.content = GROUND[theme === 'system' ? system : theme];
    }
  }
}
