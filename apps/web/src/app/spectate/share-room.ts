import { Component, DOCUMENT, computed, inject, input } from '@angular/core';
import { LucideShare2 } from '../shared/icon/icons';
import { Button } from '../shared/button';
import { Code } from '../shared/code';

/** The link to a room's stage, and the lines that show it on another site. */
@Component({
  selector: 'ct-share-room',
  imports: [Button, Code, LucideShare2],
  template: `
    <button type="button" ctButton="quiet" popovertarget="ct-share" aria-label="Share" title="Share">
      <svg lucideShare2></svg><span class="word" aria-hidden="true">Share</span>
    </button>
    <div id="ct-share" popover role="dialog" aria-label="Share this room">
      <p><strong>Link</strong></p>
      <ct-code [text]="link()" what="the link" />
      <p><strong>Show it on another site</strong> <span class="faint">from 400 × 300 pixels</span></p>
      <ct-code [text]="frame()" what="the lines for another site" />
    </div>
  `,
  styles: `
    [popover] {
      position: fixed;
      inset: 4rem var(--space-4) auto auto;
      width: min(26rem, calc(100vw - 2rem));
      margin: 0;
      padding: var(--space-4);
      border: 0;
      border-radius: var(--radius-m);
      background: var(--raised);
      color: var(--ink);
      box-shadow: var(--float);
    }

    p {
      margin-bottom: var(--space-2);
    }

    ct-code + p {
      margin-top: var(--space-4);
    }

    .faint {
      font-size: var(--text-xs);
    }

    @container spectate (max-width: 58rem) {
      .word {
        display: none;
      }
    }
  `,
})
export class ShareRoom {
  private readonly origin = inject(DOCUMENT).location.origin;

  readonly roomId = input.required<string>();
  readonly name = input.required<string>();

  protected readonly link = computed(() => `${this.origin}/spectate/${encodeURIComponent(this.roomId())}`);
  protected readonly frame = computed(
    () =>
      `<iframe src="${this.link()}?embed" title="${escaped(this.name())} on ClawTank" width="400" height="300"></iframe>`,
  );
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
