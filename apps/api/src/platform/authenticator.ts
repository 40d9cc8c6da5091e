import type { Caller } from './caller.js';

/** Turns a bearer token into its caller, or refuses with `unauthenticated`. The auth feature provides it; the edges use it. */
export interface Authenticator {
  authenticate(token: string): Promise<Caller>;
}

export const AUTHENTICATOR = Symbol('Authenticator');
