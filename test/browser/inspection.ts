import type { Page } from 'playwright-core';
import { type Finding, seriousFindings, sidewaysOverflow } from './axe.js';
import { picture } from './product.js';

interface Look {
  readonly theme: 'dark' | 'light';
  readonly width: number;
  readonly height: number;
}

/** Both themes, wide and narrow. */
export const LOOKS: readonly Look[] = [
  { theme: 'dark', width: 1440, height: 900 },
  { theme: 'light', width: 1440, height: 900 },
  { theme: 'dark', width: 360, height: 780 },
  { theme: 'light', width: 360, height: 780 },
];

/** Looks at the pages of one story on its way, and keeps what was wrong with them for its end. */
export class Inspection {
  /** By the name of the look; nothing, if every page was accessible and no wider than it may be. */
  readonly wrong: Record<string, { readonly findings: readonly Finding[]; readonly overflow: number }> = {};

  /** `story` begins the names of its pictures. */
  constructor(private readonly story: string) {}

  /** Looks at a page as it is, and leaves it in an ordinary window. */
  async look(page: Page, name: string, looks = LOOKS): Promise<void> {
    for (const { theme, width, height } of looks) {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
      await page.waitForTimeout(250);
      await picture(page, `${this.story}-${name}-${theme}-${width}`);
      const [findings, overflow] = [await seriousFindings(page), await sidewaysOverflow(page)];
      if (findings.length > 0 || overflow > 0) {
        this.wrong[`${name}, ${theme}, ${width}`] = { findings, overflow };
      }
    }
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.emulateMedia({ colorScheme: null, reducedMotion: null });
  }
}
