import { inject } from '@angular/core';
import { type CanActivateFn, Router } from '@angular/router';
import { returnAddress } from './return-address';
import { Session } from './session';

/** Lets people with an account in; sends everybody else to sign in and brings them back afterwards. */
export const signedIn: CanActivateFn = async (_route, { url }) => {
  const session = inject(Session);
  const router = inject(Router);
  await session.settled();
  return session.status() === 'signed-out'
    ? router.createUrlTree(['/sign-in'], { queryParams: { returnTo: url } })
    : true;
};

/** Spares people who are already signed in the forms for getting in. */
export const signedOut: CanActivateFn = async (route) => {
  const session = inject(Session);
  const router = inject(Router);
  await session.settled();
  return session.status() === 'signed-in' ? router.parseUrl(returnAddress(route.queryParamMap.get('returnTo'))) : true;
};
