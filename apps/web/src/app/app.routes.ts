import type { Routes } from '@angular/router';
import type { FrameKind } from './core/frame/frame';
import { signedOut } from './core/session/session.guards';

const frame = (kind: FrameKind) => ({ frame: kind });

/** Every address of the client. Each page is loaded when it is first opened. */
export const routes: Routes = [
  {
    path: 'sign-in',
    title: 'Sign in',
    data: frame('bare'),
    canActivate: [signedOut],
    loadComponent: async () => (await import('./account/sign-in')).SignIn,
  },
  {
    path: 'register',
    title: 'Create an account',
    data: frame('bare'),
    canActivate: [signedOut],
    loadComponent: async () => (await import('./account/register')).RegisterPage,
  },
  {
    path: 'setup',
    title: 'Set up ClawTank',
    data: frame('bare'),
    loadComponent: async () => (await import('./account/setup')).Setup,
  },
  {
    path: 'settings',
    title: 'Settings',
    loadComponent: async () => (await import('./settings/settings')).Settings,
  },
  {
    path: '**',
    title: 'Nothing here',
    loadComponent: async () => (await import('./not-found/not-found')).NotFound,
  },
];
