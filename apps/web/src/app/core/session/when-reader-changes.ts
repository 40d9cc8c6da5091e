import { effect, inject, untracked } from '@angular/core';
import { Session } from './session';

/** Calls `forget` when somebody else signs in, or nobody is here any more: what is kept belongs to one person. */
export function whenReaderChanges(forget: () => void): void {
  const session = inject(Session);
  let known = session.account()?.id;
  effect(() => {
    const id = session.account()?.id;
    if (id !== known) {
      known = id;
      untracked(forget);
    }
  });
}
