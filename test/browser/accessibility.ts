import type { CDPSession, Page } from 'playwright-core';
import { type Finding, seriousFindings, sidewaysOverflow } from './axe.js';
import { type Place, type World, makeWorld } from './places.js';
import { picture, Product } from './product.js';

/** How somebody looks at a page. Twice the size: half as many CSS pixels on the same screen. */
const VIEWS = [
  { name: '1440', width: 1440, height: 900, scale: 1 },
  { name: '360', width: 360, height: 780, scale: 1 },
  { name: '320', width: 320, height: 640, scale: 1 },
  { name: 'twice the size', width: 720, height: 450, scale: 2 },
] as const;
const THEMES = ['dark', 'light'] as const;

/** Describes tests of these places: no finding that matters, nothing wider than the page, in each view and theme. */
export function examine(what: string, places: readonly Place[]): void {
  describe(what, () => {
    let product: Product;
    let world: World;
    const pages = new Map<Place['as'], Page>();
    const sessions = new Map<Page, CDPSession>();

    beforeAll(async () => {
      product = await Product.start();
      world = await makeWorld(product);
    });
    afterAll(() => product?.stop());

    /** The browser of whoever looks at a place, signed in once. */
    async function pageOf(as: Place['as']): Promise<Page> {
      let page = pages.get(as);
      if (!page) {
        page = await product.visitor();
        pages.set(as, page);
        sessions.set(page, await page.context().newCDPSession(page));
        if (as !== 'nobody') {
          await world[as].signsIn(page);
        }
      }
      return page;
    }

    async function look(page: Page, { width, height, scale }: (typeof VIEWS)[number]): Promise<void> {
      await page.setViewportSize({ width, height });
      await sessions.get(page)?.send('Emulation.setDeviceMetricsOverride', {
        ...{ width, height, deviceScaleFactor: scale, mobile: false },
      });
    }

    async function arrive(page: Page, place: Place): Promise<void> {
      await page.goto(place.address(world));
      await page.getByText(place.sign).first().waitFor({ state: 'attached' });
      await place.then?.(page);
    }

    it.each(places.map((place) => [place.name, place] as const))('%s', async (name, place) => {
      const page = await pageOf(place.as);
      await look(page, VIEWS[0]);
      await arrive(page, place);

      const wrong: Record<string, { findings: readonly Finding[]; overflow: number }> = {};
      for (const view of VIEWS.filter(({ width }) => !place.isWide || width === VIEWS[0].width)) {
        await look(page, view);
        if (place.isFleeting && view !== VIEWS[0]) {
          await arrive(page, place);
        }
        for (const theme of THEMES) {
          await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
          await page.waitForTimeout(150);
          await picture(page, `a11y-${name.replace(/\W+/g, '-')}-${theme}-${view.name.replace(/\W+/g, '-')}`);
          const findings = await seriousFindings(page);
          const overflow = await sidewaysOverflow(page);
          if (findings.length > 0 || overflow > 0) {
            wrong[`${view.name}, ${theme}`] = { findings, overflow };
          }
        }
      }
      expect(wrong).toEqual({});
    });

    it('wrote no error to any console', () => {
      const refusedRequests = /Failed to load resource: the server responded with a status of 4\d\d/;
      expect(product.consoleErrors.filter((error) => !refusedRequests.test(error))).toEqual([]);
    });
  });
}
