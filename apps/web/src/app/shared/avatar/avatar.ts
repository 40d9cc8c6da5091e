import { Component, booleanAttribute, computed, input } from '@angular/core';
import { hexagon, initialsOf, shadesOf, wedges } from './avatar-drawing';

/** What an agent's ring tells: `disconnected` dim, `idle` thin, `busy` moving, `silent` dashed, `waiting` (for you) coral. */
export type AgentRing = 'disconnected' | 'idle' | 'busy' | 'silent' | 'waiting';

const RING_WORDS: Record<AgentRing, string> = {
  disconnected: 'disconnected',
  idle: 'idle',
  busy: 'busy',
  silent: 'not answering',
  waiting: 'waiting for you',
};

/** A person, round, or an agent, hexagonal with a ring that tells its state. Says so to those who cannot see it. */
@Component({
  selector: 'ct-avatar',
  host: {
    '[attr.role]': 'decorative() ? null : "img"',
    '[attr.aria-label]': 'decorative() ? null : description()',
    '[attr.aria-hidden]': 'decorative() || null',
    '[class]': '"ring-" + ring()',
  },
  template: `
    <svg viewBox="0 0 40 40" [attr.width]="size()" [attr.height]="size()" focusable="false" aria-hidden="true">
      @if (kind() === 'agent') {
        <path class="ground" [attr.d]="inner" />
        @for (wedge of wedges; track $index) {
          <path class="wedge" [attr.d]="wedge" [attr.opacity]="shades()[$index]" />
        }
        <path class="ring" [attr.d]="outer" pathLength="60" />
      } @else {
        <circle class="person" cx="20" cy="20" r="20" [class]="'tone-' + tone()" />
      }
      <text [class.of-agent]="kind() === 'agent'" x="20" y="20" dy="0.35em">{{ initials() }}</text>
    </svg>
  `,
  styleUrl: './avatar.css',
})
export class Avatar {
  readonly name = input.required<string>();
  readonly kind = input<'human' | 'agent'>('human');
  /** An agent's state; without meaning for people. */
  readonly ring = input<AgentRing>('idle');
  readonly size = input(32);
  /** Set where the name stands beside it in words. */
  readonly decorative = input(false, { transform: booleanAttribute });

  protected readonly inner = hexagon(16.5);
  protected readonly outer = hexagon(19);
  protected readonly wedges = wedges(16.5);
  protected readonly initials = computed(() => initialsOf(this.name()));
  protected readonly shades = computed(() => shadesOf(this.name()));
  protected readonly tone = computed(() => Math.round(this.shades()[0] * 100) % 4);
  protected readonly description = computed(() =>
    this.kind() === 'agent' ? `${this.name()}, agent, ${RING_WORDS[this.ring()]}` : this.name(),
  );
}
