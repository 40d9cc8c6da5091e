import { TestBed } from '@angular/core/testing';
import { signal } from '@angular/core';
import { Now } from './now';
import { RelativeTime, describeAge } from './relative-time';

const now = Date.parse('2026-11-21T12:00:00Z');

describe('how long ago something was', () => {
  it.each([
    [5_000, 'now'],
    [59_999, 'now'],
    [60_000, '1 min'],
    [59 * 60_000, '59 min'],
    [3_600_000, '1 h'],
    [23 * 3_600_000, '23 h'],
    [86_400_000, '1 d'],
    [6 * 86_400_000, '6 d'],
  ])('is told for %d ms as "%s"', (age, words) => {
    expect(describeAge(now - age, now)).toBe(words);
  });

  it('becomes a date after a week, with the year only if it is another one', () => {
    expect(describeAge(Date.parse('2026-10-03T12:00:00Z'), now)).not.toContain('2026');
    expect(describeAge(Date.parse('2024-10-03T12:00:00Z'), now)).toContain('2024');
  });

  it('says "now" of a moment that a fast server clock puts in the future', () => {
    expect(describeAge(now + 4_000, now)).toBe('now');
  });
});

describe('a time on the page', () => {
  it('moves on by itself and is exact when pointed at', async () => {
    const value = signal(now);
    TestBed.configureTestingModule({ providers: [{ provide: Now, useValue: { value } }] });
    const fixture = TestBed.createComponent(RelativeTime);
    fixture.componentRef.setInput('at', new Date(now - 120_000).toISOString());
    fixture.componentRef.setInput('ago', true);
    await fixture.whenStable();
    const time = (fixture.nativeElement as HTMLElement).querySelector('time');
    expect(time?.textContent).toBe('2 min ago');
    expect(time?.title).toContain('2026');

    value.set(now + 60_000);
    await fixture.whenStable();
    expect(time?.textContent).toBe('3 min ago');

    value.set(now - 100_000);
    await fixture.whenStable();
    expect(time?.textContent).toBe('just now');
  });
});
