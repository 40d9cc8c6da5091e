import { computed, signal } from '@angular/core';

/** A session for tests: whoever they say is signed in, Mara to begin with. */
export class FakeSession {
  readonly account = signal<{ id: string; username: string } | null>({ id: 'mara', username: 'mara' });
  readonly status = computed<'signed-in' | 'signed-out'>(() => (this.account() ? 'signed-in' : 'signed-out'));
  readonly accessToken = computed(() => (this.account() ? 'token' : null));
  renewals = 0;

  currentToken(): Promise<string | null> {
    return Promise.resolve(this.accessToken());
  }

  renew(): Promise<void> {
    this.renewals++;
    return Promise.resolve();
  }
}
