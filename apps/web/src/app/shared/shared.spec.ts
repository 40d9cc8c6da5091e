import { Clipboard } from '@angular/cdk/clipboard';
import { Component, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import { Button } from './button';
import { CopyButton } from './copy-button';
import { FileStatus } from './file-status';
import { Sparkline } from './sparkline';
import { StateMessage } from './state/state-message';
import { XpMeter } from './xp-meter';

@Component({
  selector: 'ct-pending-host',
  imports: [Button],
  template: `<button ctButton="primary" [pending]="pending()" (click)="presses = presses + 1">Send</button>`,
})
class PendingHost {
  readonly pending = signal(false);
  presses = 0;
}

describe('a pending button', () => {
  it('takes no second press until it is done', async () => {
    const fixture = TestBed.createComponent(PendingHost);
    await fixture.whenStable();
    const button = (fixture.nativeElement as HTMLElement).querySelector('button') as HTMLButtonElement;
    button.click();
    fixture.componentInstance.pending.set(true);
    await fixture.whenStable();
    button.click();
    expect(button.getAttribute('aria-busy')).toBe('true');
    expect(fixture.componentInstance.presses).toBe(1);
  });
});

describe('the copy button', () => {
  async function press(works: boolean): Promise<HTMLElement> {
    const copy = jest.fn(() => works);
    TestBed.configureTestingModule({ providers: [{ provide: Clipboard, useValue: { copy } }] });
    const fixture = TestBed.createComponent(CopyButton);
    fixture.componentRef.setInput('text', 'git clone …');
    fixture.componentRef.setInput('what', 'the clone command');
    await fixture.whenStable();
    const element = fixture.nativeElement as HTMLElement;
    element.querySelector('button')?.click();
    await fixture.whenStable();
    expect(copy).toHaveBeenCalledWith('git clone …');
    return element;
  }

  it('says what it copies and that it did', async () => {
    const element = await press(true);
    expect(element.querySelector('button')?.getAttribute('aria-label')).toBe('Copy the clone command');
    expect(element.querySelector('.copied')).not.toBeNull();
  });

  it('admits it when the browser refuses', async () => {
    const element = await press(false);
    expect(element.querySelector('.copied')).toBeNull();
    expect(element.querySelector('.failed')).not.toBeNull();
  });
});

describe('the sparkline', () => {
  it('draws the busiest moment at the top and says the whole in words', async () => {
    const fixture = TestBed.createComponent(Sparkline);
    fixture.componentRef.setInput('values', [0, 10, 5]);
    fixture.componentRef.setInput('label', '15 events in the last hour');
    await fixture.whenStable();
    const element = fixture.nativeElement as HTMLElement;
    expect(element.querySelector('.line')?.getAttribute('d')).toBe('M0 26L60 2L120 14');
    expect(element.querySelector('[role=img]')?.getAttribute('aria-label')).toBe('15 events in the last hour');
  });

  it('is a still line when nothing happened', async () => {
    const fixture = TestBed.createComponent(Sparkline);
    fixture.componentRef.setInput('values', [0, 0]);
    fixture.componentRef.setInput('label', 'Quiet for an hour');
    await fixture.whenStable();
    expect((fixture.nativeElement as HTMLElement).querySelector('.still')).not.toBeNull();
  });
});

describe('the file status', () => {
  it('has git’s letter for the eye and the word for the ear', async () => {
    const fixture = TestBed.createComponent(FileStatus);
    fixture.componentRef.setInput('status', 'removed');
    await fixture.whenStable();
    expect((fixture.nativeElement as HTMLElement).textContent).toBe('Dremoved');
  });
});

describe('the experience meter', () => {
  it('counts from the start of the level', async () => {
    const fixture = TestBed.createComponent(XpMeter);
    fixture.componentRef.setInput('level', 3);
    fixture.componentRef.setInput('totalXP', 240);
    await fixture.whenStable();
    const meter = (fixture.nativeElement as HTMLElement).querySelector('[role=meter]');
    expect(meter?.getAttribute('aria-valuenow')).toBe('40');
    expect(meter?.getAttribute('aria-valuetext')).toBe('40 of 100 XP towards level 4');
    expect((fixture.nativeElement as HTMLElement).textContent).toContain('60 XP to level 4');
  });
});

describe('a state message', () => {
  it.each([
    ['empty', null],
    ['loading', 'status'],
    ['broken', 'alert'],
    ['refused', 'alert'],
    ['offline', 'alert'],
  ])('of kind %s has the role %s', async (kind, role) => {
    const fixture = TestBed.createComponent(StateMessage);
    fixture.componentRef.setInput('kind', kind);
    fixture.componentRef.setInput('heading', 'Something');
    await fixture.whenStable();
    expect((fixture.nativeElement as HTMLElement).getAttribute('role')).toBe(role);
  });
});
