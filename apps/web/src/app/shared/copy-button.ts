import { Clipboard } from '@angular/cdk/clipboard';
import { LiveAnnouncer } from '@angular/cdk/a11y';
import { Component, DestroyRef, inject, input, signal } from '@angular/core';
import { LucideCheck, LucideCopy, LucideX } from './icon/icons';
import { Button } from './button';

const SHOWN_FOR = 2_000;

/** Copies `text` and says whether it worked, to eyes and ears. */
@Component({
  selector: 'ct-copy-button',
  imports: [Button, LucideCheck, LucideCopy, LucideX],
  template: `
    <button
      type="button"
      ctButton="quiet"
      size="small"
      [icon]="!label()"
      [attr.aria-label]="label() ? null : 'Copy ' + what()"
      [title]="label() ? '' : 'Copy ' + what()"
      (click)="copy()"
    >
      @switch (outcome()) {
        @case ('copied') {
          <svg lucideCheck [size]="16" class="copied"></svg>
        }
        @case ('failed') {
          <svg lucideX [size]="16" class="failed"></svg>
        }
        @default {
          <svg lucideCopy [size]="16"></svg>
        }
      }
      {{ label() && outcome() === 'copied' ? 'Copied' : label() }}
    </button>
  `,
  styles: `
    .copied {
      color: var(--good);
    }

    .failed {
      color: var(--danger);
    }
  `,
})
export class CopyButton {
  private readonly clipboard = inject(Clipboard);
  private readonly announcer = inject(LiveAnnouncer);
  private timer: ReturnType<typeof setTimeout> | undefined;

  readonly text = input.required<string>();
  /** What is copied, to complete "Copy …" and "Copied …": "the invitation link". */
  readonly what = input.required<string>();
  /** Words on the button; without them it is an icon. */
  readonly label = input('');

  protected readonly outcome = signal<'copied' | 'failed' | null>(null);

  constructor() {
    inject(DestroyRef).onDestroy(() => clearTimeout(this.timer));
  }

  protected copy(): void {
    const copied = this.clipboard.copy(this.text());
    this.outcome.set(copied ? 'copied' : 'failed');
    void this.announcer.announce(
      copied ? `Copied ${this.what()}` : `Could not copy ${this.what()}. Select it and copy it by hand.`,
    );
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.outcome.set(null), SHOWN_FOR);
  }
}
