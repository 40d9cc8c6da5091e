import { Component, computed, inject, input } from '@angular/core';
import { Typing } from '../state/typing';

const NAMES = new Intl.ListFormat('en', { type: 'conjunction' });
const MOST_NAMED = 3;

/** Who is writing here at this moment. Its place is kept, so that nothing moves when somebody begins. */
@Component({
  selector: 'ct-typing-line',
  host: { 'aria-live': 'polite' },
  template: `
    @if (text(); as text) {
      <span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>{{ text }}
    }
  `,
  styles: `
    :host {
      display: flex;
      align-items: center;
      gap: 0.375rem;
      min-height: 1.25rem;
      padding: 0 var(--space-1);
      overflow: hidden;
      color: var(--ink-faint);
      font-size: var(--text-xs);
      text-overflow: ellipsis;
      white-space: nowrap;
    }

    .dots {
      display: inline-flex;
      gap: 0.125rem;
    }

    i {
      width: 0.25rem;
      height: 0.25rem;
      border-radius: 50%;
      background: currentColor;
      animation: rise 1.2s ease-in-out infinite;
    }

    i:nth-child(2) {
      animation-delay: 150ms;
    }

    i:nth-child(3) {
      animation-delay: 300ms;
    }

    @keyframes rise {
      40% {
        transform: translateY(-0.125rem);
      }
    }
  `,
})
export class TypingLine {
  private readonly typing = inject(Typing);

  readonly threadId = input.required<string | null>();

  protected readonly text = computed(() => {
    const names = this.typing
      .writers()
      .filter(({ threadId }) => threadId === this.threadId())
      .map(({ name }) => name);
    if (names.length === 0) {
      return '';
    }
    return names.length > MOST_NAMED
      ? 'Several people are typing…'
      : `${NAMES.format(names)} ${names.length === 1 ? 'is' : 'are'} typing…`;
  });
}
