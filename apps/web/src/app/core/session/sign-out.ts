import { Service, inject } from '@angular/core';
import { Router } from '@angular/router';
import { Toasts } from '../../shared/toast/toasts';
import { toApiProblem } from '../problem/api-problem';
import { Session } from './session';

/** Signing out as the reader experiences it: to the lobby, or word that it did not work. */
@Service()
export class SignOut {
  private readonly session = inject(Session);
  private readonly router = inject(Router);
  private readonly toasts = inject(Toasts);

  async signOut(): Promise<void> {
    try {
      await this.session.signOut();
      await this.router.navigateByUrl('/');
    } catch (thrown) {
      this.toasts.failed(`You are still signed in. ${toApiProblem(thrown).detail}`);
    }
  }
}
