import { type ComponentFixture, TestBed } from '@angular/core/testing';
import type { OpenRoom } from './open-room';

/** Puts a component of the room on the page. */
export async function render<T>(
  room: OpenRoom,
  component: new () => T,
  inputs: Record<string, unknown> = {},
): Promise<ComponentFixture<T>> {
  const fixture = TestBed.createComponent(component);
  for (const [name, value] of Object.entries(inputs)) {
    fixture.componentRef.setInput(name, value);
  }
  await update(room, fixture);
  return fixture;
}

/** Lets what has happened reach the page. */
export async function update(room: OpenRoom, fixture: ComponentFixture<unknown>): Promise<void> {
  TestBed.tick();
  await room.settle();
  fixture.detectChanges();
}

export const page = (fixture: ComponentFixture<unknown>): HTMLElement => fixture.nativeElement as HTMLElement;

/** What a person would read there. */
export const words = (element: Element | null | undefined): string =>
  (element?.textContent ?? '').replace(/\s+/g, ' ').trim();

export function button(fixture: ComponentFixture<unknown>, name: string): HTMLButtonElement | undefined {
  return [...page(fixture).querySelectorAll('button')].find(
    (one) => (one.getAttribute('aria-label') ?? words(one)) === name,
  );
}

/** A room as on a freshly opened page. jsdom lays nothing out and answers no media queries. */
export function freshPage(): void {
  sessionStorage.clear();
  localStorage.clear();
  const nothing = () => undefined;
  const listeners = {
    addEventListener: nothing,
    removeEventListener: nothing,
    addListener: nothing,
    removeListener: nothing,
  };
  window.matchMedia = (media) => ({ matches: false, media, ...listeners }) as unknown as MediaQueryList;
}
