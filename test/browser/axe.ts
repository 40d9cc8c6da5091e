import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** WCAG 2.0 to 2.2, A and AA, and what axe holds to be good practice besides. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Something that axe objects to, and where. */
export interface Finding {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly string[];
}

interface AxeResults {
  readonly violations: {
    readonly id: string;
    readonly impact: string;
    readonly nodes: { readonly html: string; readonly any: { readonly message: string }[] }[];
  }[];
}

/** What axe finds wrong on the page as it is now, if it is serious or critical. */
export async function seriousFindings(page: Page): Promise<Finding[]> {
  await page.evaluate(AXE);
  return page.evaluate(async (tags) => {
    const { axe } = globalThis as unknown as { axe: { run(options: object): Promise<AxeResults> } };
    const { violations } = await axe.run({ runOnly: tags, resultTypes: ['violations'] });
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, impact, nodes }) => ({
        id,
        impact,
        nodes: nodes.map(({ html, any }) => `${html.slice(0, 200)} ${any[0]?.message ?? ''}`.trim()),
      }));
  }, RULES);
}

/** By how many pixels the page as a whole, or what it scrolls, is wider than there is room; nobody should have to scroll sideways to read. */
export const sidewaysOverflow = (page: Page): Promise<number> =>
  page.evaluate<number>(
    `Math.max(...[...document.querySelectorAll('html, main')].map((part) => part.scrollWidth - part.clientWidth))`,
  );
