import { Component, computed, input } from '@angular/core';

export type StateKind = 'empty' | 'loading' | 'offline' | 'refused' | 'broken';

/**
 * What a page shows when it has nothing else to show: a small picture of the tank, what is the matter in a helpful
 * person's words, and (projected, marked `action`) the one next step.
 */
@Component({
  selector: 'ct-state',
  host: { '[class]': 'kind()', '[attr.role]': 'role()' },
  template: `
    <svg class="picture" viewBox="0 0 96 80" width="96" height="80" aria-hidden="true" focusable="false">
      @switch (kind()) {
        @case ('loading') {
          <path
            class="water"
            d="M14 34c6-4 11-4 17 0s11 4 17 0 11-4 17 0 11 4 17 0v22a12 12 0 0 1-12 12H26a12 12 0 0 1-12-12z"
          />
          <circle class="bubble first" cx="36" cy="60" r="3" />
          <circle class="bubble second" cx="49" cy="62" r="4" />
          <circle class="bubble third" cx="61" cy="59" r="2.5" />
        }
        @case ('offline') {
          <path class="water" d="M14 52h68v4a12 12 0 0 1-12 12H26a12 12 0 0 1-12-12z" />
          <path class="line" d="M48 68V44m0 0c0-8 6-8 6-16m-10 0h20v-8H44zm5-8v-7m10 7v-7" />
        }
        @case ('refused') {
          <path
            class="water"
            d="M14 34c6-4 11-4 17 0s11 4 17 0 11-4 17 0 11 4 17 0v22a12 12 0 0 1-12 12H26a12 12 0 0 1-12-12z"
          />
          <path class="lid" d="M8 10h80v8H8z" />
          <path class="line" d="M39 45v-6a9 9 0 0 1 18 0v6" />
          <rect class="claw" x="35" y="45" width="26" height="18" rx="4" />
        }
        @case ('broken') {
          <path class="water" d="M14 56h44l6 12H26a12 12 0 0 1-12-12z" />
          <path class="line" d="M82 30 68 38l7 8-13 7 5 8-9 7" />
          <circle class="drop" cx="88" cy="62" r="2" />
          <circle class="drop" cx="91" cy="71" r="3" />
        }
        @default {
          <path
            class="water"
            d="M14 34c6-4 11-4 17 0s11 4 17 0 11-4 17 0 11 4 17 0v22a12 12 0 0 1-12 12H26a12 12 0 0 1-12-12z"
          />
          <path class="line weed" d="M30 68c-4-6 3-8 0-15m6 15c3-5-2-7 1-12" />
          <path class="pebble" d="M54 68a6 4 0 0 1 12 0z" />
        }
      }
      <path class="glass" d="M13 14v42a13 13 0 0 0 13 13h44a13 13 0 0 0 13-13V14" />
    </svg>
    <h2>{{ heading() }}</h2>
    <p><ng-content /></p>
    <div class="action"><ng-content select="[action]" /></div>
  `,
  styleUrl: './state-message.css',
})
export class StateMessage {
  readonly kind = input.required<StateKind>();
  readonly heading = input.required<string>();

  protected readonly role = computed(() =>
    this.kind() === 'empty' ? null : this.kind() === 'loading' ? 'status' : 'alert',
  );
}
