import { TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import { ToastRegion } from './toast-region';
import { Toasts } from './toasts';

describe('toasts', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('leave by themselves when they only report, and stay when they failed or offer something', () => {
    const toasts = TestBed.inject(Toasts);
    toasts.done('Saved.');
    toasts.failed('Not saved.');
    toasts.done('Room left.', { label: 'Undo', run: () => undefined });
    jest.advanceTimersByTime(60_000);
    expect(toasts.toasts().map(({ text }) => text)).toEqual(['Not saved.', 'Room left.']);
  });

  it('are read out, run what they offer, and go', () => {
    const fixture = TestBed.createComponent(ToastRegion);
    const undo = jest.fn();
    TestBed.inject(Toasts).done('Room left.', { label: 'Undo', run: undo });
    TestBed.tick();
    const region = (fixture.nativeElement as HTMLElement).querySelector('[role=log]');
    expect(region?.getAttribute('aria-live')).toBe('polite');
    region?.querySelector('button')?.click();
    TestBed.tick();
    expect(undo).toHaveBeenCalledTimes(1);
    expect(region?.textContent.trim()).toBe('');
  });
});
