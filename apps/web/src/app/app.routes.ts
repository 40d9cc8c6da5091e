import type { Routes, UrlMatcher } from '@angular/router';
import type { FrameKind } from './core/frame/frame';
import { signedIn, signedOut } from './core/session/session.guards';

const frame = (kind: FrameKind) => ({ frame: kind });

/** A room, or its task board: one page, which stays when the reader goes from one to the other. */
const roomAddress: UrlMatcher = (segments) => {
  const [rooms, roomId, view] = segments;
  const isRoom = segments.length === 2 || (segments.length === 3 && view?.path === 'board');
  return rooms?.path === 'rooms' && roomId && isRoom
    ? { consumed: segments, posParams: { roomId, ...(view && { view }) } }
    : null;
};

/** Every address of the client. Each page is loaded when it is first opened. */
export const routes: Routes = [
  { path: '', pathMatch: 'full', title: 'Lobby', loadComponent: async () => (await import('./lobby/lobby')).Lobby },
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
    path: 'join/:token',
    title: 'Invitation',
    loadComponent: async () => (await import('./rooms/invitation')).InvitationPage,
  },
  {
    path: 'rooms/new',
    title: 'New room',
    canActivate: [signedIn],
    loadComponent: async () => (await import('./rooms/new-room')).NewRoom,
  },
  {
    matcher: roomAddress,
    title: 'Room',
    data: frame('own-bar'),
    canActivate: [signedIn],
    loadComponent: async () => (await import('./room/room-page')).RoomPage,
  },
  {
    path: 'rooms/:roomId/direct/:memberId',
    title: 'Direct message',
    data: frame('own-bar'),
    canActivate: [signedIn],
    loadComponent: async () => (await import('./direct/direct-page')).DirectPage,
  },
  {
    path: 'spectate/:roomId',
    title: 'Watching',
    data: frame('own-bar'),
    loadComponent: async () => (await import('./spectate/spectate')).Spectate,
  },
  {
    path: 'notifications',
    title: 'Inbox',
    canActivate: [signedIn],
    loadComponent: async () => (await import('./notifications/inbox')).Inbox,
  },
  {
    path: 'search',
    title: 'Search',
    canActivate: [signedIn],
    loadComponent: async () => (await import('./search/search-page')).SearchPage,
  },
  {
    path: 'agents',
    title: 'Agents',
    canActivate: [signedIn],
    loadComponent: async () => (await import('./agents/agents')).Agents,
  },
  {
    path: 'agents/:agentId',
    title: 'Agent',
    canActivate: [signedIn],
    loadComponent: async () => (await import('./agents/page/agent-page')).AgentPage,
  },
  {
    path: 'users/:userId',
    title: 'Profile',
    loadComponent: async () => (await import('./profile/profile')).Profile,
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
