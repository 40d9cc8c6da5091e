import type { Locator } from 'playwright-core';

/** No part of a page is further away by Tab. */
const MOST_TABS = 150;

/** Waits until it has the focus by itself. */
export const hasFocus = (target: Locator): Promise<void> => target.and(target.page().locator(':focus')).waitFor();

/** Goes on with Tab until it is there. */
export async function tabTo(target: Locator): Promise<void> {
  await target.waitFor();
  const page = target.page();
  const isThere = async () => (await target.and(page.locator(':focus')).count()) > 0;
  for (let presses = 0; !(await isThere()); presses += 1) {
    if (presses === MOST_TABS) {
      throw new Error(`Cannot be reached by Tab: ${target.toString()}`);
    }
    await page.keyboard.press('Tab');
  }
}

/** Goes there with Tab, and presses a key. */
export async function press(target: Locator, key = 'Enter'): Promise<void> {
  await tabTo(target);
  await target.page().keyboard.press(key);
}

/** Goes to a field with Tab, and types in the place of what is in it. */
export async function type(field: Locator, text: string): Promise<void> {
  await tabTo(field);
  await field.page().keyboard.press('Control+A');
  await field.page().keyboard.insertText(text);
}
